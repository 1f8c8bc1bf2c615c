// The options of a server's tasks: the settings of a run that say how data is read, from the same table, by their names in snake case.
import type {ColumnMap} from '../../../analysis/column-map.ts';
import {declareQuestion, QuestionError} from '../../../analysis/question/declare-question.ts';
import {nameOfQuestion} from '../../../analysis/question/named-question.ts';
import {type AskedQuestion, parseQuestion} from '../../../analysis/question/parse-question.ts';
import {ExpressionError} from '../../../analysis/question/tokens.ts';
import {describeQuestionError} from '../../../analysis/question/understand-question.ts';
import type {BatchSettings} from '../../../engine/batch.ts';
import type {OptionFault, TaskOptions} from '../../../server/task-options.ts';
import {findClosestMatch} from '../../../text/closest-match.ts';
import {describeFound, type ReportIssue} from '../../../text/json-values.ts';
import {type JsonNode, parseJson} from '../../../text/parse-json.ts';
import {quoted} from '../../../text/quoted.ts';
import {FLAGS, type FlagDefinition, type FlagName, type FlagValues, toCamelCase} from '../../arguments/flags.ts';
import {resolveSettings} from '../../arguments/settings.ts';
import {UsageError} from '../../arguments/usage-error.ts';
import {checkAliases} from '../../config-file/check-aliases.ts';
import {checkValue} from '../../config-file/check-config.ts';
import {schemaOf, schemaOfAliases} from '../../config-file/config-schema.ts';
import {findQuestion} from '../../own-analyses/ask-question.ts';
import {batchSettingsOf} from '../batch-settings.ts';

/** What asks a question instead of an analysis. */
const QUESTION_NAMES = [
	'group-by',
	'sum',
	'mean',
	'min',
	'max',
	'distinct',
	'order-by',
	'limit',
] as const satisfies readonly FlagName[];

/** Nothing that loads the machine or names a path. */
const NAMES = [
	...['delimiter', 'quote', 'escape', 'header', 'skip-lines', 'skip-footer', 'comment', 'null'],
	...['encoding', 'decimal', 'thousands', 'date-format', 'map'],
	...['where', 'fill', 'strict', 'max-errors', 'key', 'user-pattern', 'user'],
	...QUESTION_NAMES,
] as readonly FlagName[];

const optionName = (flag: string): string => flag.replaceAll('-', '_');

const flagByOption: ReadonlyMap<string, FlagDefinition> = new Map(
	(FLAGS as readonly FlagDefinition[])
		.filter(({name}) => (NAMES as readonly string[]).includes(name))
		.map(flag => [optionName(flag.name), flag]),
);

const ALIASES = 'aliases';
/** All of a question in one line, as it is typed in the dashboard. */
const QUESTION = 'question';
const OPTIONS = [...flagByOption.keys(), ALIASES, QUESTION];

export const taskOptions: TaskOptions = {
	properties: {
		...Object.fromEntries(Array.from(flagByOption, ([name, flag]) => [name, schemaOfOption(flag)])),
		[ALIASES]: schemaOfAliases(),
		[QUESTION]: {
			...{type: 'string', minLength: 1},
			description:
				'A question in one line, instead of the options that it stands for: sum amount, max day(date) by category, month(date) where amount > 100 order by records limit 20',
		},
	},
	read(given) {
		const faults: OptionFault[] = [];
		const values: Record<string, unknown> = {};
		let line: AskedQuestion | null = null;
		let [map, aliases]: [ColumnMap | null, BatchSettings['aliases']] = [null, undefined];
		for (const [option, value] of Object.entries(given)) {
			const report: ReportIssue = (_, path, sentence) => {
				const detail = path === '' ? sentence : `${path} ${sentence}`;
				faults.push({option, detail, isUnknown: false});
			};
			const node = parseJson(JSON.stringify(value));
			const flag = flagByOption.get(option);
			if (option === ALIASES) aliases = checkAliases(node, report);
			else if (option === QUESTION) line = readLine(node, report, fault => faults.push(fault));
			else if (flag === undefined) faults.push({option, detail: describeUnknown(option), isUnknown: true});
			else if (flag.name === 'map' && node.type === 'object') map = checkMap(node, report);
			else values[flag.name] = checkValue(flag, node, option, report);
		}
		const twice = line === null ? undefined : findTwice(values, line);
		if (twice !== undefined) faults.push(twice);
		if (faults.length > 0) return {settings: {}, faults};
		return settingsOf({...values, ...(line !== null && partsOf(line))} as FlagValues, {
			...(map !== null && {map}),
			...(aliases !== undefined && {aliases}),
			isLine: line !== null,
		});
	},
};

function readLine(node: JsonNode, report: ReportIssue, onFault: (fault: OptionFault) => void): AskedQuestion | null {
	if (node.type !== 'text') {
		report(node, '', `${QUESTION} takes a text, but got ${describeFound(node)}.`);
		return null;
	}
	try {
		return parseQuestion(node.value);
	} catch (error) {
		if (!(error instanceof ExpressionError)) throw error;
		const {message, start, end} = error;
		const detail = `${QUESTION}: ${message}, at character ${start + 1}.`;
		onFault({option: QUESTION, detail, isUnknown: false, place: {start, end}});
		return null;
	}
}

/** What is asked beside a question that says it all. */
function findTwice(values: Readonly<Record<string, unknown>>, {where}: AskedQuestion): OptionFault | undefined {
	const twice = [...QUESTION_NAMES, ...(where === null ? [] : (['where'] as const))].find(name => name in values);
	if (twice === undefined) return undefined;
	const option = optionName(twice);
	return {option, detail: `${option}: the option ${QUESTION} says this, too: leave one of them out.`, isUnknown: false};
}

/** As flags would say it. */
function partsOf({question, where}: AskedQuestion): Readonly<Record<string, unknown>> {
	const {groupBy, orderBy, limit, ...measures} = question;
	const given = {...measures, 'group-by': groupBy, 'order-by': orderBy, limit, where};
	return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function schemaOfOption(flag: FlagDefinition): object {
	const {default: _, ...schema} = schemaOf(flag);
	const described = {...schema, description: flag.description};
	if (flag.name !== 'map') return described;
	const headings = {type: 'object', additionalProperties: {type: 'string', pattern: '\\S'}};
	return {description: flag.description, anyOf: [{type: 'string', minLength: 1}, headings]};
}

function describeUnknown(option: string): string {
	// Also as flags and configuration files have them.
	const words = option.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`).replaceAll('-', '_');
	const closest = OPTIONS.find(each => each === words) ?? findClosestMatch(words, OPTIONS);
	return `There is no option ${quoted(option)}: ${closest === undefined ? `expected ${OPTIONS.join(', ')}` : `did you mean ${closest}?`}`;
}

/** Columns and their headings, where a flag has both in one text. */
function checkMap({members}: Extract<JsonNode, {type: 'object'}>, report: ReportIssue): ColumnMap {
	const headings = members.map(({name, value}): [string, string] => {
		if (value.type === 'text' && value.value.trim() !== '') return [name, value.value];
		report(value, `map.${name}`, `takes the heading of a column, but got ${describeFound(value)}.`);
		return [name, ''];
	});
	return Object.fromEntries(headings);
}

/** @param more - `isLine`: it is asked in one line. */
function settingsOf(
	values: FlagValues,
	{isLine, ...more}: Pick<BatchSettings, 'map' | 'aliases'> & {readonly isLine: boolean},
): ReturnType<TaskOptions['read']> {
	try {
		const {settings} = resolveSettings([{kind: 'environment', values, labelOf: optionName}]);
		const part = findQuestion(settings);
		// What cannot be asked is said here, and not when a thread reads for it.
		if (part !== undefined) declareQuestion(settings);
		const asked = part === undefined ? {} : {analysis: nameOfQuestion(settings)};
		return {settings: {...pickReading(batchSettingsOf(settings), values), ...more, ...asked}, faults: []};
	} catch (error) {
		if (error instanceof QuestionError) {
			const part = error.flag.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
			const [option, detail] = isLine ? [QUESTION, describeQuestionError(error)] : [part, error.message];
			return {settings: {}, faults: [{option, detail: `${option}: ${detail}.`, isUnknown: false}]};
		}
		if (!(error instanceof UsageError)) throw error;
		return {
			settings: {},
			faults: [{option: optionName(Object.keys(values)[0] ?? ''), detail: error.message, isUnknown: false}],
		};
	}
}

/** What is not said is as the server has it. */
function pickReading(all: BatchSettings, values: FlagValues): BatchSettings {
	const {dialect, maxErrors, keyColumn} = all;
	const others = ['encoding', 'decimal', 'thousands', 'date-format', 'map', 'where', 'fill', 'user-pattern', 'user'];
	const picked = others.filter(name => name in values).map(toCamelCase);
	return {
		...Object.fromEntries(picked.map(name => [name, all[name as keyof BatchSettings]])),
		...(Object.keys(dialect ?? {}).length > 0 && {dialect}),
		...(maxErrors !== undefined && {maxErrors}),
		...(keyColumn !== undefined && {keyColumn}),
	};
}
