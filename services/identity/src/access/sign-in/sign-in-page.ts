/** Of the gateway, which knows where people find it: below it a link's secret. */
export const SIGN_IN_PAGE = '/sign-in#';
