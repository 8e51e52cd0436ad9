import { expect, it, jest } from '@jest/globals';
import { contractRegistry, type JsonSchema, Validation } from '@rapport/service-kit';
import { readContract } from '../contract/contract.js';
import { fakeContacts } from '../testing/fake-context.js';
import { openGateway } from '../testing/open-gateway.js';

it('of the whole contract compile, long before the first request for which each is compiled', async () => {
  const schemas: JsonSchema[] = [];
  const compile = Validation.prototype.compile;
  const spy = jest.spyOn(Validation.prototype, 'compile').mockImplementation(function (this: Validation, schema) {
    schemas.push(schema);
    return compile.call(this, schema);
  });
  const services = new Set(readContract(contractRegistry).services.map(({ typeName }) => typeName));
  const door = await openGateway({ backend: Object.assign(fakeContacts(), { services }) });
  spy.mockRestore();
  await door.close();

  expect(schemas.length).toBeGreaterThan(100);
  const validation = new Validation();
  for (const schema of schemas) expect(() => validation.compile(schema)({})).not.toThrow();
});
