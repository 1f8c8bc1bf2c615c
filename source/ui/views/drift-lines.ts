// What changed since an earlier run of the same files.
import type {Drift} from '../../model/run-diff.ts';
import {describeDiff} from '../../store/describe-diff.ts';
import {safe} from '../../text/safe.ts';
import {type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {factLines, heading, wrapWords} from './sections.ts';

/** More names are told by `history diff`. */
const NAME_LIMIT = 3;

export function driftLines(drift: Drift, columns: number, look: Look): Line[] {
	if (drift === null) return [];
	const {muted, warning} = look.theme;
	if ('problem' in drift) {
		const reason = wrapWords(safe(drift.problem), Math.max(1, columns - 4));
		return [heading('WHAT CHANGED IS NOT KNOWN', look), ...reason.map(text => [span(`   ${text}`, warning)])];
	}
	const {since, facts, files, sections, notes} = describeDiff(drift, safe, NAME_LIMIT);
	return [
		heading('WHAT CHANGED', look, since),
		...[...facts, ...files].flatMap(({label, text}) => factLines(label, text, columns, look)),
		...sections.flatMap(section => [
			[span(`   ${section.title}`, muted)],
			...section.facts.flatMap(({label, text}) => factLines(label, text, columns, look)),
		]),
		...notes.flatMap(note => wrapWords(note, Math.max(1, columns - 4)).map(text => [span(`   ${text}`, muted)])),
	];
}
