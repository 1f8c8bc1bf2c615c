import {findClosestMatch} from '../../text/closest-match.ts';
import {safe} from '../../text/safe.ts';
import {readKeyOverrides} from '../../ui/commands/key-overrides.ts';
import {ACTIONS, type KeyOverrides} from '../../ui/commands/keymap.ts';
import {quoted} from '../arguments/usage-error.ts';
import {type Complain, describeFound, withoutRepeats} from './json-values.ts';
import type {JsonMember, JsonNode} from './parse-json.ts';

/** Reads `keys`: an object that gives actions of the dashboard a key, or a list of keys. */
export function checkKeys(node: JsonNode, complain: Complain): KeyOverrides | null {
	if (node.type !== 'object') {
		complain(node, 'keys', `takes an object like {"quit": ["q", "Q"]}, but got ${describeFound(node)}.`);
		return null;
	}
	const given: Record<string, readonly string[]> = {};
	let isRight = true;
	for (const member of withoutRepeats(node.members, 'keys.', complain)) {
		const keys = readKeys(member, complain);
		if (keys === null) isRight = false;
		else given[member.name] = keys;
	}
	if (!isRight) return null;
	const result = readKeyOverrides(given);
	if ('keys' in result) return result.keys;
	// What is wrong with one action alone stands where that action does; what is wrong between two, where all of them do.
	const culprit = node.members.find(({name}) => {
		const alone = readKeyOverrides({[name]: given[name]});
		return 'error' in alone && alone.error === result.error;
	});
	complain(culprit?.value ?? node, culprit === undefined ? 'keys:' : `keys.${culprit.name}:`, `${result.error}.`);
	return null;
}

/** @returns `null` where something is wrong, which is told then. */
function readKeys(member: JsonMember, complain: Complain): readonly string[] | null {
	const {name, value} = member;
	if (!ACTIONS.some(action => action === name)) {
		const nearest = findClosestMatch(name, ACTIONS);
		const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
		complain(member, '', `There is no action ${quoted(name)} for keys.${hint}`);
		return null;
	}
	const path = `keys.${safe(name)}`;
	const items = value.type === 'list' ? value.items : [value];
	const keys: string[] = [];
	for (const [index, item] of items.entries()) {
		if (item.type === 'text') keys.push(item.value);
		else
			complain(
				item,
				value.type === 'list' ? `${path}[${index}]` : path,
				`takes a key, but got ${describeFound(item)}.`,
			);
	}
	return keys.length === items.length ? keys : null;
}
