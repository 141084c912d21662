// What the screen and the remote control send. What everyone of one sight sees alike is asked
// apart from what is a viewer's own, so that the server draws it up once for all screens.
const RESULTS = `results {
  revision voterCount skipCount summary
  options {
    option { id label isRight }
    voterCount share total mean median score rank distributionStep
    distribution { value count }
    nearest { value count }
  }
}`;

const QUESTION = `id position kind prompt state timerEndsAt
  rules { scaleMin scaleMax scaleMinLabel scaleMaxLabel target }
  ${RESULTS}`;

const live = (name, questions) => `subscription ${name}($id: ID!) {
  pollUpdated(pollId: $id) {
    id title status resultsVisibility voterCount participantCount
    activeQuestion { ${questions ? 'id' : QUESTION} }
    questions { ${questions ? QUESTION : 'id position state'} }
  }
}`;

/** A room: the question in view, and which others there are. */
export const ROOM = live('PresentRoom', false);
/** A poll at everyone's own pace, and what the remote control sees: every question. */
export const EVERY_QUESTION = live('PresentQuestions', true);

export const POLL = `query PresentPoll($slug: String!) {
  poll(slug: $slug) { id slug title pace joinCode viewerCanManage }
}`;

export const BY_CODE = `query PresentByCode($code: String!) { pollByJoinCode(joinCode: $code) { slug joinCode } }`;

export const OPTIONS = `query PresentOptions($slug: String!) {
  poll(slug: $slug) { questions { id options { id label role } } }
}`;

export const PULSE = `query PresentPulse($slug: String!) {
  poll(slug: $slug) { participantCount voterCount questions { id results { voterCount } } }
}`;

export const STEPS = `query PresentSteps($slug: String!) {
  poll(slug: $slug) { viewerCanManage activeQuestion { id } questions { id position prompt state } }
}`;

export const PRESENT = `mutation Present($input: PollQuestionPresentInput!) {
  pollQuestionPresent(input: $input) { poll { activeQuestion { id state } } userErrors { code message } }
}`;
