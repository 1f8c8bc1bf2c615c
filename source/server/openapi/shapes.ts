// Of what answers are made, as schemas of JSON. An object has the members that are named here and no others.

export interface Schema {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	/** `true`: what is in it is described elsewhere. */
	readonly additionalProperties?: boolean | Schema;
	readonly items?: Schema;
	readonly anyOf?: readonly Schema[];
	readonly enum?: readonly unknown[];
	readonly format?: string;
}

export const string: Schema = {type: 'string'};
export const integer: Schema = {type: 'integer'};
export const number: Schema = {type: 'number'};
export const boolean: Schema = {type: 'boolean'};
export const time: Schema = {type: 'string', format: 'date-time'};
export const NULL: Schema = {type: 'null'};

export const list = (items: Schema): Schema => ({type: 'array', items});
export const nullable = (schema: Schema): Schema => ({anyOf: [schema, NULL]});
export const oneOf = (...values: readonly string[]): Schema => ({type: 'string', enum: values});

/** All members are there but those whose name ends in `?`. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
	const entries = Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
	const required = Object.keys(members).filter(name => !name.endsWith('?'));
	return {type: 'object', properties: Object.fromEntries(entries), required, additionalProperties: false};
}

/** Of members that are described elsewhere, besides these. */
export const open = (members: Readonly<Record<string, Schema>>): Schema => ({
	...object(members),
	additionalProperties: true,
});

export const page = (name: string, items: Schema): Schema =>
	object({[name]: list(items), next_cursor: nullable(string)});
