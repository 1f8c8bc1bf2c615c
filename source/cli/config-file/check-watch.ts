import {findClosestMatch} from '../../text/closest-match.ts';
import {joinWords} from '../../text/join-words.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonNode} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import {safe} from '../../text/safe.ts';
import type {CheckValue} from './check-dialects.ts';
import {watchFlagByName} from './config-names.ts';

/** Read by who needs them, because that loads the modules of processors: see `pipeline/routes/load-pipeline.ts`. */
const ROUTES_NAMES = ['routes', 'processors'];

export interface CheckedWatch {
	/** Of flags, by their names. */
	readonly values: Readonly<Record<string, unknown>>;
	readonly hasRoutes: boolean;
}

/** Reads `watch`: settings of watched folders, beside routes. */
export function checkWatch(node: JsonNode, reportIssue: ReportIssue, checkValue: CheckValue): CheckedWatch {
	if (node.type !== 'object') {
		reportIssue(node, 'watch', `takes an object like {"settle": 5, "routes": […]}, but got ${describeFound(node)}.`);
		return {values: {}, hasRoutes: false};
	}
	const values: Record<string, unknown> = {};
	for (const member of withoutRepeats(node.members, 'watch.', reportIssue)) {
		const flag = watchFlagByName.get(member.name);
		if (flag !== undefined)
			values[flag.name] = checkValue(flag, member.value, `watch.${safe(member.name)}`, reportIssue);
		else if (!ROUTES_NAMES.includes(member.name)) reportIssue(member, 'watch', describeUnknown(member.name));
	}
	return {values, hasRoutes: node.members.some(({name}) => name === 'routes')};
}

function describeUnknown(name: string): string {
	const names = [...ROUTES_NAMES, ...watchFlagByName.keys()];
	const closest = names.find(each => each.toLowerCase() === name.toLowerCase()) ?? findClosestMatch(name, names);
	return `takes ${joinWords(names, 'and')}, but got ${quoted(name)}.${closest === undefined ? '' : ` Did you mean ${closest}?`}`;
}
