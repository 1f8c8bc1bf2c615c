import type {OwnAliases} from '../../analysis/column-map.ts';
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonNode} from '../../text/parse-json.ts';
import {safe} from '../../text/safe.ts';

/** Reads `aliases`: an object from columns of analyses to what headers call them. Which columns there are is known when a run begins. */
export function checkAliases(node: JsonNode, reportIssue: ReportIssue): OwnAliases {
	if (node.type !== 'object') {
		reportIssue(
			node,
			'aliases',
			`takes an object like {"amount": ["Zahlbetrag", "Endpreis"]}, but got ${describeFound(node)}.`,
		);
		return {};
	}
	return Object.fromEntries(
		withoutRepeats(node.members, 'aliases.', reportIssue).map(({name, value}) => [
			name,
			checkNames(value, `aliases.${safe(name)}`, reportIssue),
		]),
	);
}

function checkNames(node: JsonNode, path: string, reportIssue: ReportIssue): readonly string[] {
	const isList = node.type === 'list';
	return (isList ? node.items : [node]).flatMap((item, place) => {
		if (item.type === 'text' && item.value.trim() !== '') return [item.value];
		reportIssue(item, isList ? `${path}[${place}]` : path, `takes a heading, but got ${describeFound(item)}.`);
		return [];
	});
}
