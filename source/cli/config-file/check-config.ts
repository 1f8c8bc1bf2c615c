// Checks the text of a configuration file: returns its settings, or all issues with their places. The allowed settings and
// values come from the table of flags, so that a file, a variable and a flag accept the same.

import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import {isModulePath} from '../../text/module-path.ts';
import {type JsonMember, type JsonNode, JsonSyntaxError, locate, parseJson} from '../../text/parse-json.ts';
import {safe} from '../../text/safe.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import type {StringFlag} from '../arguments/flags/definition.ts';
import {type FlagDefinition, type FlagValues, findFlag, toCamelCase} from '../arguments/flags.ts';
import {describeExpectation, findWrongItem, isElsewhere, readValue} from '../arguments/read-value.ts';
import {EXCLUSIVE, type FileSettings, findReportFormat} from '../arguments/settings.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';
import {checkAliases} from './check-aliases.ts';
import {checkDialects} from './check-dialects.ts';
import {checkKeys} from './check-keys.ts';
import {checkWatch} from './check-watch.ts';
import type {ConfigIssue} from './config-error.ts';
import {findClosestConfigName, findConfigFlag, OTHER_NAMES} from './config-names.ts';

export interface CheckedConfig {
	readonly values: FlagValues;
	/** Paths of modules as the file has them. */
	readonly ofFile: FileSettings;
	/** Whether routes of watched folders stand in it. They are checked by who reads them, because that loads modules. */
	readonly hasRoutes: boolean;
	readonly issues: readonly ConfigIssue[];
}

/** @param isOwn - Whether the file is the user's own; another file may come from another person, and may set less. */
export function checkConfig(text: string, isOwn: boolean): CheckedConfig {
	const issues: ConfigIssue[] = [];
	const values: Record<string, unknown> = {};
	let hasRoutes = false;
	const ofFile: {-readonly [Key in keyof FileSettings]: FileSettings[Key]} = {};
	const reportIssue: ReportIssue = ({offset}, path, sentence) => {
		issues.push({place: locate(text, offset), sentence: path === '' ? sentence : `${path} ${sentence}`});
	};
	for (const member of readMembers(text, reportIssue)) {
		const {name, value} = member;
		const label = safe(name);
		if (name === '$schema') continue;
		const flag = findConfigFlag(name);
		const isOther = OTHER_NAMES.some(other => other === name);
		if (flag === undefined && !isOther) reportIssue(member, '', describeUnknown(name));
		else if (!isOwn && flag?.config !== 'anywhere' && name !== 'dialect' && name !== 'aliases')
			reportIssue(member, label, OWN_ONLY);
		else if (name === 'analyses') ofFile.analysisModules = checkModules(value, reportIssue);
		else if (name === 'dialect') ofFile.namedDialects = checkDialects(value, reportIssue, checkValue);
		else if (name === 'aliases') ofFile.aliases = checkAliases(value, reportIssue);
		else if (name === 'watch') {
			const watch = checkWatch(value, reportIssue, checkValue);
			hasRoutes = watch.hasRoutes;
			Object.assign(values, watch.values);
		} else if (flag === undefined) ofFile.keys = checkKeys(value, reportIssue);
		else values[flag.name] = checkValue(flag, value, label, reportIssue);
	}
	if (issues.length === 0) assertCompatible(text, values, reportIssue);
	return {values: values as FlagValues, ofFile, hasRoutes, issues};
}

const OWN_ONLY =
	'may only be set in your own file (fileproc-tui config shows where it is): this one may have come with the data.';

function readMembers(text: string, reportIssue: ReportIssue): readonly JsonMember[] {
	let root: JsonNode;
	try {
		root = parseJson(text, {hasComments: true});
	} catch (error) {
		if (!(error instanceof JsonSyntaxError)) throw error;
		reportIssue(error, '', `is no JSON: ${error.message}.`);
		return [];
	}
	if (root.type !== 'object') {
		reportIssue(root, '', `expected an object of settings, like {"theme": "mono"}, but found ${describeFound(root)}.`);
		return [];
	}
	return withoutRepeats(root.members, '', reportIssue);
}

function describeUnknown(name: string): string {
	const label = quoted(name);
	const flag = findFlag(name) ?? findFlag(name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`));
	if (flag?.config === 'watch')
		return `${label} stands under watch: {"watch": {${JSON.stringify(toCamelCase(flag.name))}: …}}.`;
	if (flag !== undefined && flag.config === undefined) {
		return `${label} cannot be set in a file, only by the flag --${flag.name}.`;
	}
	const closest = findClosestConfigName(name);
	return `There is no setting ${label}.${closest === undefined ? '' : ` Did you mean ${closest}?`}`;
}

/** The value of a flag, where it stands in JSON. @param path - What leads there. */
export function checkValue(flag: FlagDefinition, node: JsonNode, path: string, reportIssue: ReportIssue): unknown {
	if (flag.type === 'string' && flag.isMultiple) {
		if (node.type === 'list') {
			return node.items.map((item, index) => checkText(flag, item, `${path}[${index}]`, reportIssue));
		}
		return [checkText(flag, node, path, reportIssue)];
	}
	if (flag.type === 'string') return checkText(flag, node, path, reportIssue);
	if (flag.type === 'boolean') {
		if (node.type !== 'boolean') reportIssue(node, path, `takes true or false, but got ${describeFound(node)}.`);
		return node.type === 'boolean' ? node.value : undefined;
	}
	if (node.type === 'text' && (flag.type === 'size' || (flag.takesPercentage && node.value.endsWith('%'))))
		return checkNumberText(flag, node, path, reportIssue);
	const isRight =
		node.type === 'number' &&
		node.value >= flag.minimum &&
		node.value <= flag.maximum &&
		(flag.type === 'number' || Number.isInteger(node.value));
	if (isRight) return node.value;
	reportIssue(node, '', `${describeExpectation(flag, path)}, but got ${describeFound(node)}.`);
	return undefined;
}

/** A size or a share, written as for a flag. */
function checkNumberText(
	flag: FlagDefinition,
	node: Extract<JsonNode, {type: 'text'}>,
	path: string,
	reportIssue: ReportIssue,
): unknown {
	try {
		return readValue(flag, node.value, path);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		reportIssue(node, '', `${describeExpectation(flag, path)}, but got ${describeFound(node)}.`);
		return undefined;
	}
}

/** Reads `analyses`: the path of a module, or a list of such. */
function checkModules(node: JsonNode, reportIssue: ReportIssue): readonly string[] {
	const items = node.type === 'list' ? node.items : [node];
	return items.flatMap((item, index) => {
		if (item.type === 'text' && isModulePath(item.value)) return [item.value];
		const path = node.type === 'list' ? `analyses[${index}]` : 'analyses';
		reportIssue(item, path, `takes the path of a module like ./refunds.ts, but got ${describeFound(item)}.`);
		return [];
	});
}

function checkText(flag: FlagDefinition, node: JsonNode, path: string, reportIssue: ReportIssue): string {
	if (flag.type === 'string' && flag.alsoTakes !== undefined) return checkChoice(flag, node, path, reportIssue);
	const choices = flag.type === 'string' ? flag.choices : undefined;
	const wrong = node.type === 'text' && flag.type === 'string' ? findWrongItem(flag, node.value) : '';
	if (node.type !== 'text' || wrong !== undefined) {
		const closest = wrong === undefined || choices === undefined ? undefined : findClosestMatch(wrong, choices);
		const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
		reportIssue(node, '', `${describeExpectation(flag, path)}, but got ${describeFound(node)}.${hint}`);
		return '';
	}
	if (flag.type === 'string' && isElsewhere(flag, node.value)) {
		const found = quoted(withoutSecrets(node.value));
		reportIssue(node, '', `${describeExpectation(flag, path)} of this machine; but got ${found}.`);
	}
	const fault = flag.type === 'string' ? flag.findFault?.(node.value) : undefined;
	if (fault !== undefined) reportIssue(node, path, `makes no sense: ${fault}.`);
	if (flag.name === 'report' && findReportFormat(node.value) === undefined) {
		reportIssue(node, path, `takes a file that ends in .json, .csv, .md or .html, but got ${quoted(node.value)}.`);
	}
	return node.value;
}

/** A file may have come with the data, so it names an analysis, but no code. */
function checkChoice(flag: StringFlag, node: JsonNode, path: string, reportIssue: ReportIssue): string {
	const {alsoTakes, mayTake, ...withoutModules} = flag;
	const items = node.type === 'text' ? (flag.splitList?.(node.value) ?? [node.value]) : [];
	// Of other flags, a file takes the names that its schema lists.
	const hasModule = mayTake !== undefined && items.some(item => !flag.choices?.includes(item) && alsoTakes?.fits(item));
	if (!hasModule) return checkText(withoutModules, node, path, reportIssue);
	reportIssue(node, path, 'takes a name. Modules are named by --analysis, or by "analyses" in your own file.');
	return '';
}

function assertCompatible(text: string, values: Readonly<Record<string, unknown>>, complain: ReportIssue): void {
	for (const group of EXCLUSIVE) {
		const given = group.filter(name => values[name] !== undefined && values[name] !== false);
		if (given.length < 2) continue;
		const names = given.map(toCamelCase);
		const offset = text.lastIndexOf(`"${names.at(-1)}"`);
		complain({offset}, '', `${joinWords(names, 'and')} exclude each other: set one of them.`);
	}
}
