import { type Attribute, attributesOn, type Resource, type ResourceType } from './attribute.js';

/** Which attributes an answer is to have (RFC 7644, section 3.9). */
export interface Shown {
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
}

type Paths = readonly (readonly Attribute[])[];

/** What of a resource is asked for; what is always returned is there in any case. */
export const shownOf = (
  resource: Resource,
  { attributes, excludedAttributes }: Shown,
  type: ResourceType,
): Resource => {
  if (attributes && attributes.length > 0) return picked(resource, type.attributes, pathsOf(attributes, type));
  if (excludedAttributes && excludedAttributes.length > 0)
    return left(resource, type.attributes, pathsOf(excludedAttributes, type));
  return resource;
};

const pathsOf = (names: readonly string[], type: ResourceType): Paths =>
  names.map((name) => attributesOn(name, type)).filter((path) => path !== undefined);

const below = (paths: Paths, attribute: Attribute): Paths =>
  paths.filter(([first]) => first === attribute).map((path) => path.slice(1));

const isWhole = (paths: Paths): boolean => paths.some((path) => path.length === 0);

type Part = (value: Resource, attributes: readonly Attribute[], paths: Paths) => Resource;

const picked: Part = (resource, attributes, paths) =>
  Object.fromEntries(
    attributes.flatMap((attribute) => {
      const [value, asked] = [resource[attribute.name], below(paths, attribute)];
      if (value === undefined || (asked.length === 0 && attribute.returned !== 'always')) return [];
      return [[attribute.name, asked.length === 0 || isWhole(asked) ? value : inside(picked, value, attribute, asked)]];
    }),
  );

const left: Part = (resource, attributes, paths) =>
  Object.fromEntries(
    attributes.flatMap((attribute) => {
      const [value, refused] = [resource[attribute.name], below(paths, attribute)];
      if (value === undefined || (isWhole(refused) && attribute.returned !== 'always')) return [];
      return [[attribute.name, refused.length === 0 ? value : inside(left, value, attribute, refused)]];
    }),
  );

const inside = (part: Part, value: unknown, { subAttributes = [] }: Attribute, paths: Paths): unknown =>
  Array.isArray(value)
    ? value.map((each: Resource) => part(each, subAttributes, paths))
    : part(value as Resource, subAttributes, paths);
