import type {NamedDialect} from '../../engine/plan/dialect-rules.ts';
import {joinWords} from '../../text/join-words.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonNode} from '../../text/parse-json.ts';
import {safe} from '../../text/safe.ts';
import {DIALECT_FLAGS} from '../arguments/flags/dialect-flags.ts';
import {FORM_FLAGS} from '../arguments/flags/form-flags.ts';
import {type FlagDefinition, toCamelCase} from '../arguments/flags.ts';
import {quoted} from '../arguments/usage-error.ts';

/** Checks the value of a flag that stands in a file. */
export type CheckValue = (flag: FlagDefinition, node: JsonNode, path: string, reportIssue: ReportIssue) => unknown;

const flags: ReadonlyMap<string, FlagDefinition> = new Map(
	[...DIALECT_FLAGS, ...FORM_FLAGS].map(flag => [toCamelCase(flag.name), flag as FlagDefinition]),
);

/** Reads `dialect`: an object from patterns of names of files to what is said of them. */
export function checkDialects(node: JsonNode, reportIssue: ReportIssue, checkValue: CheckValue): NamedDialect[] {
	if (node.type !== 'object') {
		reportIssue(node, 'dialect', `takes an object like {"*.txt": {"delimiter": "|"}}, but got ${describeFound(node)}.`);
		return [];
	}
	return withoutRepeats(node.members, 'dialect.', reportIssue).map(({name, value, ...place}) => {
		const path = `dialect[${quoted(name)}]`;
		if (name === '' || name.includes('/'))
			reportIssue(place, '', `${path} is no pattern of names of files, like *.txt: it has no folder.`);
		return {pattern: name, settings: checkDialect(value, path, reportIssue, checkValue)};
	});
}

function checkDialect(
	node: JsonNode,
	path: string,
	reportIssue: ReportIssue,
	checkValue: CheckValue,
): NamedDialect['settings'] {
	if (node.type !== 'object') {
		reportIssue(node, path, `takes an object like {"delimiter": "|"}, but got ${describeFound(node)}.`);
		return {};
	}
	const settings: Record<string, unknown> = {};
	for (const member of withoutRepeats(node.members, `${path}.`, reportIssue)) {
		const flag = flags.get(member.name);
		if (flag === undefined)
			reportIssue(member, '', `${path} takes ${joinWords([...flags.keys()], 'and')}, but got ${quoted(member.name)}.`);
		else settings[member.name] = checkValue(flag, member.value, `${path}.${safe(member.name)}`, reportIssue);
	}
	return settings;
}
