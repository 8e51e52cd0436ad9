import { DomainError } from '@rapport/kernel';
import type { Binding, ContractMethod } from '../contract/contract.js';
import {
  type JsonSchema,
  type Validate,
  type Validation,
  fieldsSchema,
  maskedField,
  refuseRequest,
  requestSchema,
  sentFields,
  withMask,
} from '@rapport/service-kit';

/** Checks a body and puts it into the request, where the binding says. */
export type PlaceBody = (parameters: Record<string, unknown>, body: unknown) => object;

export const placeBody = (method: ContractMethod, binding: Binding, validation: Validation): PlaceBody => {
  const validate = validation.compile(bodySchema(method, binding));
  if (binding.body === '') return placeNothing(validate);
  return binding.body === '*' ? placeWhole(method, validate) : placeField(method, binding.body, validate);
};

/** What a body may be; pointers in problems lead into the body. */
export const bodySchema = (method: ContractMethod, { body, path }: Binding): JsonSchema => {
  const masked = maskedField(method.request);
  if (body === '') return fieldsSchema([], 'input', undefined);
  if (body !== '*') {
    const field = method.request.fields.find(({ name }) => name === body)!;
    return requestSchema(field.message!, masked?.name === body ? 'changes' : 'input');
  }
  const inPath = new Set(path.variables);
  return fieldsSchema(
    sentFields(method.request).filter(({ name }) => !inPath.has(name)),
    'input',
    masked,
  );
};

const placeNothing =
  (validate: Validate): PlaceBody =>
  (parameters, body) => {
    if (body !== undefined && body !== null) check(validate, body);
    return parameters;
  };

const placeWhole = (method: ContractMethod, validate: Validate): PlaceBody => {
  const masked = maskedField(method.request)?.name;
  return (parameters, body = {}) => {
    check(validate, body);
    const request: Record<string, unknown> = { ...(body as object), ...parameters };
    return masked === undefined ? request : withMask(request, request[masked] ?? {});
  };
};

const placeField = (method: ContractMethod, name: string, validate: Validate): PlaceBody => {
  const masked = maskedField(method.request)?.name === name;
  return (parameters, body) => {
    if (body === undefined) throw bodyMissing();
    check(validate, body);
    parameters[name] = body;
    return masked ? withMask(parameters, body as object) : parameters;
  };
};

const check = (validate: Validate, body: unknown): void => {
  const problems = validate(body);
  if (problems.length > 0) refuseRequest(problems);
};

const bodyMissing = (): DomainError => {
  const message = 'A body is required: send JSON as application/json.';
  return new DomainError('invalid', 'body-missing', message, {
    fields: [{ pointer: '', code: 'required', message }],
  });
};
