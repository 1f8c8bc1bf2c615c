// Reads the settings of a step, key by key, and says all that is wrong with them.

import {shown} from '../../engine/shared/define-processor.ts';
import {findClosestMatch} from '../../text/closest-match.ts';
import type {SettingFault} from '../catalog.ts';
import type {Json, JsonObject} from '../pipeline.ts';

type Path = readonly (string | number)[];

/** Gives the value, or says what was expected. */
export type Kind<Value> = (value: Json, fault: (sentence: string, path?: Path) => void) => Value | undefined;

const found = (expected: string, value: Json): string => `expected ${expected}, but found ${shown(value)}`;

const kindOf =
	<Value extends Json>(expected: string, fits: (value: Json) => value is Value): Kind<Value> =>
	(value, fault) => {
		if (fits(value)) return value;
		fault(found(expected, value));
		return undefined;
	};

export const text: Kind<string> = kindOf(
	'a text',
	(value): value is string => typeof value === 'string' && value !== '',
);
export const anyText: Kind<string> = kindOf('a text', value => typeof value === 'string');
export const flag: Kind<boolean> = kindOf('true or false', value => typeof value === 'boolean');
export const wholeNumber = (minimum: number, maximum: number): Kind<number> =>
	kindOf(
		`a whole number from ${minimum} to ${maximum}`,
		(value): value is number =>
			Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
	);
export const numberFrom = (minimum: number, maximum: number): Kind<number> =>
	kindOf(
		`a number from ${minimum} to ${maximum}`,
		(value): value is number => typeof value === 'number' && value >= minimum && value <= maximum,
	);
export const oneOf = <const Word extends string>(...words: readonly Word[]): Kind<Word> =>
	kindOf(words.map(word => `"${word}"`).join(' or '), (value): value is Word =>
		(words as readonly Json[]).includes(value),
	);

/** One or more; a single one may stand without a list. */
export const listOf =
	<Value>(kind: Kind<Value>, {mayBeSingle = false} = {}): Kind<readonly Value[]> =>
	(value, fault) => {
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
	};

export const isObject = (value: Json | undefined): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param kind - Of the values; names may be any. */
export const objectOf =
	<Value>(kind: Kind<Value>): Kind<Readonly<Record<string, Value>>> =>
	(value, fault) => {
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
	};

type Fields = Readonly<Record<string, Field<unknown>>>;

interface Field<Value> {
	readonly kind: Kind<Value>;
	readonly isNeeded: boolean;
}

export const needed = <Value>(kind: Kind<Value>): Field<Value> => ({kind, isNeeded: true});
export const optional = <Value>(kind: Kind<Value>): Field<Value | undefined> => ({kind, isNeeded: false});

/** What a kind gives. */
export type ValueOf<K> = K extends Kind<infer Value> ? Value : never;

type ValuesOf<F extends Fields> = {
	readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

/** An object with these keys, and no others. */
export const fieldsOf =
	<F extends Fields>(fields: F): Kind<ValuesOf<F>> =>
	(value, fault) => {
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
	};

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
