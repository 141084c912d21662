// The documents that this page sends: the public API's operations for moderators.

const CASE = `fragment Case on ModerationCase {
  id version state priority dueAt createdAt openedAt reportCount findings viewerCanDecide awaitsAnotherModerator
  subject { __typename ... on Story { id title } ... on Comment { id body } ... on Answer { id label } ... on Author { id displayName } }
  subjectSnapshot
  author { id displayName }
  claimedBy { id displayName }
  claimedUntil
  reports { reason explanation createdAt }
  decisions { id action reasonCode statement createdAt isReversal decidedBy { displayName } }
  appeals { decisionId statement outcomeId createdAt }
}`;
const ERRORS = 'userErrors { code message field }';
const TOKENS = 'session { accessToken accessTokenExpiresAt refreshToken }';

export const documents = {
  SessionCreate: `mutation SessionCreate($input: SessionCreateInput!) {
    sessionCreate(input: $input) { ${TOKENS} viewer { account { id displayName roles } } ${ERRORS} } }`,
  SessionRefresh: `mutation SessionRefresh($input: SessionRefreshInput!) {
    sessionRefresh(input: $input) { ${TOKENS} ${ERRORS} } }`,
  SessionRevoke: `mutation SessionRevoke($input: SessionRevokeInput!) { sessionRevoke(input: $input) { ${ERRORS} } }`,
  SecondFactorEnroll: `mutation SecondFactorEnroll { secondFactorEnroll { otpauthUri ${ERRORS} } }`,
  SecondFactorConfirm: `mutation SecondFactorConfirm($input: SecondFactorConfirmInput!) {
    secondFactorConfirm(input: $input) { recoveryCodes ${ERRORS} } }`,

  ModerationQueue: `query ModerationQueue($first: Int, $after: String, $filter: ModerationCaseFilter, $orderBy: ModerationCaseOrder) {
    moderationCases(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
      edges { cursor node { ...Case } }
      pageInfo { hasNextPage endCursor }
      totalCount
      countsByState { state count }
    } } ${CASE}`,
  ModerationCounts: `query ModerationCounts {
    moderationCases(first: 0) { countsByState { state count } } }`,
  ModerationCase: `query ModerationCase($id: ID!) { node(id: $id) { ...Case } } ${CASE}`,
  ModerationCaseClaim: `mutation ModerationCaseClaim($input: ModerationCaseClaimInput!) {
    moderationCaseClaim(input: $input) { case { ...Case } ${ERRORS} } } ${CASE}`,
  ModerationCaseDecide: `mutation ModerationCaseDecide($input: ModerationCaseDecideInput!) {
    moderationCaseDecide(input: $input) { case { ...Case } alsoDecided { id state } ${ERRORS} } } ${CASE}`,
  ModerationCaseUpdated: `subscription ModerationCaseUpdated { moderationCaseUpdated { ...Case } } ${CASE}`,

  AccountBlock: `mutation AccountBlock($input: AccountBlockInput!) {
    accountBlock(input: $input) { account { id } ${ERRORS} } }`,
  AccountUnblock: `mutation AccountUnblock($input: AccountUnblockInput!) {
    accountUnblock(input: $input) { account { id } ${ERRORS} } }`,

  ModerationTemplates: 'query ModerationTemplates { moderationTemplates { id action reasonCode locale text } }',
  ModerationTemplateSet: `mutation ModerationTemplateSet($input: ModerationTemplateSetInput!) {
    moderationTemplateSet(input: $input) { template { id action reasonCode locale text } ${ERRORS} } }`,
  ModerationFigures: `query ModerationFigures($days: Int!) {
    moderationFigures(days: $days) { decided medianHoursToDecision appealed reversed open overdue } }`,
  ModerationLog: `query ModerationLog($first: Int, $after: String) {
    moderationLog(first: $first, after: $after) {
      edges { node { id action reasonCode subjectKind createdAt isReversal } }
      pageInfo { hasNextPage endCursor }
    } }`,
};
