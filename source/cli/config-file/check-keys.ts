import {safe} from '../../text/safe.ts';
import {findNearest} from '../nearest.ts';
import type {KeyOverrides} from '../settings.ts';
import {quoted} from '../usage-error.ts';
import {ACTION_NAMES} from './action-names.ts';
import {type Complain, describeFound, withoutRepeats} from './json-values.ts';
import type {JsonNode} from './parse-json.ts';

/** Reads `keys`: an object that gives actions of the dashboard a key, or a list of keys. */
export function checkKeys(node: JsonNode, complain: Complain): KeyOverrides | null {
	if (node.type !== 'object') {
		complain(node, 'keys', `takes an object like {"quit": ["q", "ctrl+c"]}, but got ${describeFound(node)}.`);
		return null;
	}
	const keys: Record<string, string[]> = {};
	for (const member of withoutRepeats(node.members, 'keys.', complain)) {
		const {name, value} = member;
		const path = `keys.${safe(name)}`;
		if (!ACTION_NAMES.includes(name)) {
			const nearest = findNearest(name, ACTION_NAMES);
			const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
			complain(member, '', `There is no action ${quoted(name)} for keys.${hint}`);
		}
		const items = value.type === 'list' ? value.items : [value];
		keys[name] = items.flatMap((item, index) => {
			if (item.type === 'text') return [item.value];
			complain(
				item,
				value.type === 'list' ? `${path}[${index}]` : path,
				`takes a key, but got ${describeFound(item)}.`,
			);
			return [];
		});
	}
	return keys;
}
