// The JSON Schema of configuration files, derived from the table of flags, so that editors complete and check them.

import {ACTIONS} from '../../ui/commands/keymap.ts';
import type {StringFlag} from '../arguments/flags/definition.ts';
import {DIALECT_FLAGS} from '../arguments/flags/dialect-flags.ts';
import {FORM_FLAGS} from '../arguments/flags/form-flags.ts';
import {type FlagDefinition, toCamelCase} from '../arguments/flags.ts';
import {EXCLUSIVE} from '../arguments/settings.ts';
import {CONFIG_FLAGS, watchFlagByName} from './config-names.ts';
import {schemaOfProcessors, schemaOfRoutes} from './routes-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/** @returns The schema as text: draft 7, which every editor supports. */
export function configSchema(): string {
	const properties = Object.fromEntries(CONFIG_FLAGS.map(flag => [toCamelCase(flag.name), schemaOf(flag)]));
	const schema: Schema = {
		$schema: 'http://json-schema.org/draft-07/schema#',
		title: 'fileproc-tui configuration',
		description: 'fileproc.config.json, beside the data or in the current folder, or your own fileproc-tui/config.json',
		type: 'object',
		additionalProperties: false,
		properties: {
			$schema: {type: 'string', description: 'Where this schema is'},
			...properties,
			analyses: schemaOfModules(),
			keys: schemaOfKeys(),
			dialect: schemaOfDialects(),
			aliases: schemaOfAliases(),
			watch: schemaOfWatch(),
		},
		not: {anyOf: EXCLUSIVE.flatMap(pairsOf).map(bothSet)},
	};
	return `${JSON.stringify(schema, null, '\t')}\n`;
}

/** The forms that `parseByteSize` and `isPercentage` accept; a pattern cannot check the range. */
const SIZE = '^[0-9][0-9_,]*(\\.[0-9]*)?\\s*([kKmMgGtTpP]([iI]?[bB]?)|[bB])?$';
const PERCENTAGE = '^([0-9]{1,2}(\\.[0-9]{1,4})?|\\.[0-9]{1,4}|100(\\.0{1,4})?)%$';

const OWN_ONLY = '; only in your own file';

export function schemaOf(flag: FlagDefinition): Schema {
	// The description of a flag that is on by default describes its negation.
	const isNegated = flag.type === 'boolean' && flag.default === true;
	const text = isNegated ? `false: ${flag.description}` : flag.description;
	const description = `${text}${flag.config === 'own' ? OWN_ONLY : ''} (--${isNegated ? 'no-' : ''}${flag.name})`;
	const defaultValue = flag.default === null ? {} : {default: flag.default};
	switch (flag.type) {
		case 'boolean':
			return {description, type: 'boolean', ...defaultValue};
		case 'integer':
		case 'number':
		case 'size': {
			const {minimum, maximum} = flag;
			const number: Schema = {type: flag.type === 'number' ? 'number' : 'integer', minimum, maximum};
			const pattern = flag.type === 'size' ? SIZE : flag.takesPercentage ? PERCENTAGE : null;
			const value = pattern === null ? number : {anyOf: [number, {type: 'string', pattern}]};
			return {description, ...value, ...defaultValue};
		}
		case 'string': {
			const text: Schema = {
				type: 'string',
				...schemaOfChoices(flag),
				...(flag.pattern !== undefined && {pattern: flag.pattern}),
				...(flag.name === 'report' ? {pattern: '\\.([jJ][sS][oO][nN]|[cC][sS][vV]|[mM][dD])$'} : {}),
			};
			const value = flag.isMultiple ? {anyOf: [text, {type: 'array', items: text}]} : text;
			return {description, ...value, ...defaultValue};
		}
	}
}

function schemaOfChoices({choices, splitList, default: first}: StringFlag): Schema {
	if (choices === undefined) return {minLength: 1};
	if (splitList === undefined) return {enum: choices};
	const item = `(${choices.filter(choice => choice !== first).join('|')})`;
	return {anyOf: [{enum: choices}, {pattern: `^${item}(\\s*,\\s*${item})+$`}]};
}

function schemaOfModules(): Schema {
	const path: Schema = {type: 'string', pattern: '/|\\.m?[jt]s$'};
	return {
		description: `Modules of your own analyses, from the folder of this file${OWN_ONLY}`,
		anyOf: [path, {type: 'array', items: path}],
	};
}

function schemaOfKeys(): Schema {
	const key: Schema = {type: 'string', minLength: 1};
	return {
		description: `Which keys do what in the dashboard, instead of the usual ones${OWN_ONLY}`,
		type: 'object',
		additionalProperties: false,
		properties: Object.fromEntries(ACTIONS.map(name => [name, {anyOf: [key, {type: 'array', items: key}]}])),
	};
}

function schemaOfDialects(): Schema {
	const flags: readonly FlagDefinition[] = [...DIALECT_FLAGS, ...FORM_FLAGS];
	return {
		description: 'How files with some names are written: {"*.txt": {"delimiter": "|"}}',
		type: 'object',
		additionalProperties: {
			type: 'object',
			additionalProperties: false,
			properties: Object.fromEntries(flags.map(flag => [toCamelCase(flag.name), schemaOf(flag)])),
		},
	};
}

export function schemaOfAliases(): Schema {
	const heading: Schema = {type: 'string', pattern: '\\S'};
	return {
		description: 'What headers call columns of analyses, in front of the usual names: {"amount": ["Zahlbetrag"]}',
		type: 'object',
		additionalProperties: {anyOf: [heading, {type: 'array', items: heading}]},
	};
}

function schemaOfWatch(): Schema {
	const settings = Array.from(watchFlagByName, ([name, flag]) => [name, schemaOf(flag)] as const);
	return {
		description: `What is done with a watched folder${OWN_ONLY}`,
		type: 'object',
		additionalProperties: false,
		properties: {routes: schemaOfRoutes(SIZE), processors: schemaOfProcessors(), ...Object.fromEntries(settings)},
	};
}

const pairsOf = (names: readonly string[]): [string, string][] =>
	names.flatMap((name, index) => names.slice(index + 1).map((other): [string, string] => [name, other]));

/** `false` counts as not set. */
const bothSet = (pair: readonly string[]): Schema => {
	const names = pair.map(toCamelCase);
	return {required: names, properties: Object.fromEntries(names.map(name => [name, {not: {const: false}}]))};
};
