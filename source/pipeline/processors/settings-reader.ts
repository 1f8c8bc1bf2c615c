// Reads the settings of a step, key by key, and says all that is wrong with them.

import {shown} from '../../engine/shared/define-processor.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import type {SettingFault} from '../catalog.ts';
import type {Json, JsonObject} from '../pipeline.ts';

type Path = readonly (string | number)[];
type Fault = (sentence: string, path?: Path) => void;
/** JSON Schema, draft 7. */
export type Schema = Readonly<Record<string, unknown>>;

/** Gives the value, or says what was expected. */
export interface Kind<Value> {
	(value: Json, fault: Fault): Value | undefined;
	/** What editors complete and check it by. It refuses nothing that can be used. */
	readonly schema: Schema;
}

const found = (expected: string, value: Json): string => `expected ${expected}, but found ${shown(value)}`;

/** @param read - A function of its own. */
export const kindOf = <Value>(schema: Schema, read: (value: Json, fault: Fault) => Value | undefined): Kind<Value> =>
	Object.assign(read, {schema});

/** @param expected - As a part of a sentence. */
export const fitting = <Value extends Json>(
	schema: Schema,
	expected: string,
	fits: (value: Json) => boolean,
): Kind<Value> =>
	kindOf(schema, (value, fault) => {
		if (fits(value)) return value as Value;
		fault(found(expected, value));
		return undefined;
	});

/** What a kind gives, looked at once more. @param schema - What editors may know of that. */
export const refined = <Given, Value = Given>(
	kind: Kind<Given>,
	look: (given: Given, fault: Fault) => Value | undefined,
	schema: Schema = {},
): Kind<Value> =>
	kindOf({...kind.schema, ...schema}, (value, fault) => {
		const given = kind(value, fault);
		return given === undefined ? undefined : look(given, fault);
	});

export const text: Kind<string> = fitting(
	{type: 'string', minLength: 1},
	'a text',
	value => typeof value === 'string' && value !== '',
);
export const anyText: Kind<string> = fitting({type: 'string'}, 'a text', value => typeof value === 'string');
export const flag: Kind<boolean> = fitting({type: 'boolean'}, 'true or false', value => typeof value === 'boolean');
export const wholeNumber = (minimum: number, maximum: number): Kind<number> =>
	fitting(
		{type: 'integer', minimum, maximum},
		`a whole number from ${minimum} to ${maximum}`,
		value => Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
	);
export const numberFrom = (minimum: number, maximum: number): Kind<number> =>
	fitting(
		{type: 'number', minimum, maximum},
		`a number from ${minimum} to ${maximum}`,
		value => typeof value === 'number' && value >= minimum && value <= maximum,
	);
export const oneOf = <const Word extends string>(...words: readonly Word[]): Kind<Word> =>
	fitting({enum: words}, words.map(word => `"${word}"`).join(' or '), value =>
		(words as readonly Json[]).includes(value),
	);

/** One or more; a single one may stand without a list. */
export const listOf = <Value>(kind: Kind<Value>, {mayBeSingle = false} = {}): Kind<readonly Value[]> => {
	const list: Schema = {type: 'array', minItems: 1, items: kind.schema};
	return kindOf(mayBeSingle ? {anyOf: [kind.schema, list]} : list, (value, fault) => {
		if (!Array.isArray(value)) {
			if (!mayBeSingle) fault(found('a list', value));
			else {
				const single = kind(value, fault);
				return single === undefined ? undefined : [single];
			}
			return undefined;
		}
		const list = value as readonly Json[];
		if (list.length === 0) fault('expected at least one in the list');
		const values = list.map((each, index) => kind(each, (sentence, path = []) => fault(sentence, [index, ...path])));
		return list.length > 0 && values.every(each => each !== undefined) ? (values as readonly Value[]) : undefined;
	});
};

export const isObject = (value: Json | undefined): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param kind - Of the values; names may be any. */
export const objectOf = <Value>(kind: Kind<Value>): Kind<Readonly<Record<string, Value>>> =>
	kindOf({type: 'object', additionalProperties: kind.schema}, (value, fault) => {
		if (!isObject(value)) {
			fault(found('an object', value));
			return undefined;
		}
		const entries = Object.entries(value).map(
			([name, each]) => [name, kind(each, (sentence, path = []) => fault(sentence, [name, ...path]))] as const,
		);
		return entries.every(([, each]) => each !== undefined)
			? (Object.fromEntries(entries) as Readonly<Record<string, Value>>)
			: undefined;
	});

type Fields = Readonly<Record<string, Field<unknown>>>;

interface Field<Value> {
	readonly kind: Kind<Value>;
	readonly isNeeded: boolean;
	/** For people who write it. */
	readonly description: string | undefined;
}

export const needed = <Value>(kind: Kind<Value>, description?: string): Field<Value> => ({
	...{kind, isNeeded: true, description},
});
export const optional = <Value>(kind: Kind<Value>, description?: string): Field<Value | undefined> => ({
	...{kind, isNeeded: false, description},
});

/** What a kind gives. */
export type ValueOf<K> = K extends Kind<infer Value> ? Value : never;

type ValuesOf<F extends Fields> = {
	readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

/** An object with these keys, and no others. */
export const fieldsOf = <F extends Fields>(fields: F): Kind<ValuesOf<F>> =>
	kindOf(schemaOf(fields), (value, fault) => {
		if (!isObject(value)) {
			fault(found('an object', value));
			return undefined;
		}
		let isSound = true;
		const tell = (sentence: string, path: Path): void => {
			isSound = false;
			fault(sentence, path);
		};
		for (const name of Object.keys(value)) if (!Object.hasOwn(fields, name)) tell(unknownKey(name, fields), [name]);
		const values = Object.entries(fields).map(([name, {kind, isNeeded}]) => {
			const given = Object.hasOwn(value, name) ? value[name] : undefined;
			if (given !== undefined)
				return [name, kind(given, (sentence, path = []) => tell(sentence, [name, ...path]))] as const;
			if (isNeeded) tell(`expected ${JSON.stringify(name)}, which is missing`, []);
			return [name, undefined] as const;
		});
		return isSound ? (Object.fromEntries(values) as ValuesOf<F>) : undefined;
	});

function schemaOf(fields: Fields): Schema {
	const required = Object.keys(fields).filter(name => fields[name]?.isNeeded === true);
	const properties = Object.entries(fields).map(([name, {kind, description}]) => {
		return [name, {...(description !== undefined && {description}), ...kind.schema}] as const;
	});
	return {
		...{type: 'object', additionalProperties: false, properties: Object.fromEntries(properties)},
		...(required.length > 0 && {required}),
	};
}

function unknownKey(name: string, fields: Fields): string {
	const names = Object.keys(fields);
	const closest = findClosestMatch(name, names);
	const known = names.length === 0 ? 'none is known here' : `expected ${names.join(', ')}`;
	const hint = closest === undefined ? known : `did you mean ${JSON.stringify(closest)}?`;
	return `there is no ${JSON.stringify(name)}: ${hint}`;
}

/** What a step's settings say; `null` where anything is wrong with them, which is told. */
export function readSettings<Value>(
	kind: Kind<Value>,
	settings: JsonObject,
): {
	readonly value: Value | null;
	readonly faults: readonly SettingFault[];
} {
	const faults: SettingFault[] = [];
	const value = kind(settings, (sentence, path = []) => faults.push({path, sentence}));
	return {value: faults.length > 0 ? null : (value ?? null), faults};
}
