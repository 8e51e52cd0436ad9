/** The making of scopes, for `libs/access` alone: nothing else may import it. */
export { Scope, type Restriction } from './scope.js';
