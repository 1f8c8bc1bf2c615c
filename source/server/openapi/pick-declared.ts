import type {Schema} from './shapes.ts';

/**
What of a value a schema names.

@param onOther - Called with the place of each member that it does not name, which is left out.
*/
export function pickDeclared(schema: Schema, value: unknown, onOther: (place: string) => void, place = ''): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const {anyOf, items, properties = {}, additionalProperties = true} = schema;
	// Of several the one for values that have parts, and these ones.
	const all = anyOf?.filter(({type}) => type === 'object' || type === 'array') ?? [];
	const parted = all.find(({required = []}) => required.every(name => Object.hasOwn(value, name))) ?? all[0];
	if (parted !== undefined) return pickDeclared(parted, value, onOther, place);
	if (Array.isArray(value))
		return items === undefined ? value : value.map(each => pickDeclared(items, each, onOther, `${place}[]`));
	const picked: Record<string, unknown> = {};
	for (const [name, member] of Object.entries(value)) {
		const at = `${place}.${name}`;
		const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
		if (known !== undefined) picked[name] = pickDeclared(known, member, onOther, at);
		else if (additionalProperties === true) picked[name] = member;
		else onOther(at);
	}
	return picked;
}
