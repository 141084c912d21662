// Leading a room: the steps of the keys and of the remote control. Each one looks at how the room
// stands before it, so that a screen and a telephone lead the same room without a quarrel.
import { PRESENT, STEPS } from './operations.js';
import { askSigned } from './server.js';

/** A step that is not taken; `key` says why, in words.js, unless the server said it itself. */
class Declined extends Error {
  constructor(key, message = '') {
    super(message);
    this.key = key;
  }
}

async function stand(slug) {
  const { poll } = await askSigned(STEPS, { slug });
  if (!poll?.viewerCanManage) throw new Declined('mayNot');
  const at = poll.questions.findIndex((question) => question.id === poll.activeQuestion?.id);
  return { questions: poll.questions, at, active: poll.questions[at] };
}

async function bring(question, state, timerSeconds) {
  const input = { questionId: question.id, expectedState: question.state, state, ...(timerSeconds && { timerSeconds }) };
  const { pollQuestionPresent: { userErrors: [error] } } = await askSigned(PRESENT, { input });
  if (error?.code === 'QUESTION_STATE_CHANGED') throw new Declined('changed');
  if (error) throw new Declined(null, error.message);
  return { ...question, state };
}

// One that was shown before comes back as it was left.
const show = (question) => bring(question, question.state === 'HIDDEN' ? 'OPEN' : question.state);

async function active(slug) {
  const found = (await stand(slug)).active;
  if (!found) throw new Declined('noQuestion');
  return found;
}

/** The question after the one in view; the first where none is. */
export async function next(slug) {
  const { questions, at } = await stand(slug);
  if (at + 1 >= questions.length) throw new Declined('last');
  await show(questions[at + 1]);
}

export async function previous(slug) {
  const { questions, at } = await stand(slug);
  if (at <= 0) throw new Declined('first');
  await show(questions[at - 1]);
}

/** The question with this id. */
export async function jump(slug, id) {
  const { questions } = await stand(slug);
  const wanted = questions.find((question) => question.id === id);
  if (!wanted) throw new Declined('changed');
  await show(wanted);
}

/** Closes voting on the question in view, or opens it again. */
export async function lock(slug) {
  let question = await active(slug);
  if (question.state === 'REVEALED') question = await bring(question, 'LOCKED');
  await bring(question, question.state === 'OPEN' ? 'LOCKED' : 'OPEN');
}

/** Shows the results of the question in view, which closes voting; or hides them again. */
export async function reveal(slug) {
  let question = await active(slug);
  if (question.state === 'REVEALED') {
    await bring(question, 'LOCKED');
    return;
  }
  if (question.state === 'OPEN') question = await bring(question, 'LOCKED');
  await bring(question, 'REVEALED');
}

/** Takes votes for so many seconds from now on. */
export async function clock(slug, seconds) {
  let question = await active(slug);
  if (question.state === 'REVEALED') question = await bring(question, 'LOCKED');
  await bring(question, 'OPEN', seconds);
}
