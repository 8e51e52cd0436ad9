/** Injection tokens of what a service is made of. */
export const CONTEXT_NAME = Symbol('context name');
/** Events with their personal fields readable. */
export const EVENTS = Symbol('event store');
/** Which fields of which aggregate are personal. */
export const PERSONAL = Symbol('personal fields');
export const CLOCK = Symbol('clock');
/** By whose days. */
export const CALENDAR = Symbol('calendar');
export const ENGINES = Symbol('engines');
export const RUNTIME = Symbol('service runtime');
/** Full service name of the contract → the object that answers its calls. */
export const HANDLERS = Symbol('handlers');
/** Full names of the contract's services that the service answers. */
export const SERVED = Symbol('served');
