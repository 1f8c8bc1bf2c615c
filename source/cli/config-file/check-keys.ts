import {findClosestMatch} from '../../text/closest-match.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonMember, JsonNode} from '../../text/parse-json.ts';
import {safe} from '../../text/safe.ts';
import {readKeyOverrides} from '../../ui/commands/key-overrides.ts';
import {ACTIONS, type KeyOverrides} from '../../ui/commands/keymap.ts';
import {quoted} from '../arguments/usage-error.ts';

/** Reads `keys`: an object from actions of the dashboard to a key or a list of keys. */
export function checkKeys(node: JsonNode, reportIssue: ReportIssue): KeyOverrides | null {
	if (node.type !== 'object') {
		reportIssue(node, 'keys', `takes an object like {"quit": ["q", "Q"]}, but got ${describeFound(node)}.`);
		return null;
	}
	const given: Record<string, readonly string[]> = {};
	let isRight = true;
	for (const member of withoutRepeats(node.members, 'keys.', reportIssue)) {
		const keys = readKeys(member, reportIssue);
		if (keys === null) isRight = false;
		else given[member.name] = keys;
	}
	if (!isRight) return null;
	const result = readKeyOverrides(given);
	if ('keys' in result) return result.keys;
	// An issue of a single action is reported at that action, a conflict between two at the whole object.
	const culprit = node.members.find(({name}) => {
		const alone = readKeyOverrides({[name]: given[name]});
		return 'error' in alone && alone.error === result.error;
	});
	reportIssue(culprit?.value ?? node, culprit === undefined ? 'keys:' : `keys.${culprit.name}:`, `${result.error}.`);
	return null;
}

/** @returns `null` where an issue was reported. */
function readKeys(member: JsonMember, reportIssue: ReportIssue): readonly string[] | null {
	const {name, value} = member;
	if (!ACTIONS.some(action => action === name)) {
		const closest = findClosestMatch(name, ACTIONS);
		const hint = closest === undefined ? '' : ` Did you mean ${closest}?`;
		reportIssue(member, '', `There is no action ${quoted(name)} for keys.${hint}`);
		return null;
	}
	const path = `keys.${safe(name)}`;
	const items = value.type === 'list' ? value.items : [value];
	const keys: string[] = [];
	for (const [index, item] of items.entries()) {
		if (item.type === 'text') keys.push(item.value);
		else
			reportIssue(
				item,
				value.type === 'list' ? `${path}[${index}]` : path,
				`takes a key, but got ${describeFound(item)}.`,
			);
	}
	return keys.length === items.length ? keys : null;
}
