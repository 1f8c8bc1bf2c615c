// Parts of a file that several threads read -> the file, as if one had read it.
import {tellUndecided} from '../../analysis/columns/undecided-column.ts';
import {areSameForms} from '../../analysis/forms/decide-forms.ts';
import {mergeEvidence} from '../../analysis/forms/evidence.ts';
import {withClasses} from '../../analysis/forms/with-classes.ts';
import {type FormsRead, findForms} from '../../analysis/forms/with-forms.ts';
import {addHashes, type ContentHash, hashText} from '../../kernel/content-hash.ts';
import {type NamedState, takeStateInTurns} from '../shared/consolidation.ts';
import {describeForms, withForms} from '../shared/describe-forms.ts';
import type {FoldedFile, RangedPart, ReadSettings} from '../shared/protocol.ts';
import type {RangeBoard} from '../shared/range-board.ts';
import {isShareExceeded} from '../shared/reject-report.ts';
import {decodeStructure} from '../shared/table-structure.ts';
import {allInUtf8, assumedEncoding, encodingOfAll, mergeParts, placeFaults, placeRejects} from './merge-parts.ts';
import {placeSpooled} from './place-spooled.ts';
import {sumFiltered} from './sum-filtered.ts';

/**
With turns for others. The parts are not to be looked at any more.

@returns `null` where the parts do not make up the file, where one reader alone would have ended with an error, or where the columns are
in other forms than they were read in: then one must read it from its beginning, whose word counts.
*/
export const combineRanges = (
	board: RangeBoard,
	parts: readonly RangedPart[],
	settings: ReadSettings,
): Promise<Omit<FoldedFile, 'bytesRead'> | null> =>
	combineMerged(board, parts, settings, () => mergeParts(parts, takeStateInTurns));

/** The same where partials of the parts were merged before. @param merge - Gives them; none where they do not fit together. */
export async function combineMerged(
	board: RangeBoard,
	parts: readonly RangedPart[],
	settings: ReadSettings,
	merge: () => Promise<readonly NamedState[]>,
): Promise<Omit<FoldedFile, 'bytesRead'> | null> {
	const [first] = parts;
	if (first === undefined || !board.isComplete()) return null;
	if (parts.some(part => part.identity !== first.identity)) return null;
	const rejectedRows = parts.reduce((sum, part) => sum + part.rejectedRows, 0);
	if (settings.maxErrors !== null && rejectedRows >= settings.maxErrors) return null;
	const rows = parts.reduce((sum, part) => sum + part.rows, 0);
	if (isShareExceeded({rows, rejectedRows}, settings)) return null;
	const encoding = encodingOfAll(parts);
	// Where it is not what it should be, one reader alone says.
	if (settings.encoding === 'utf-8' && encoding !== 'utf-8') return null;
	const contentHash = hashOfAll(parts);
	if (settings.hash !== undefined && contentHash?.bytes !== board.fileBytes) return null;
	const merged = await merge();
	if (merged.length === 0) return null;
	const formsRead = formsOfAll(parts, merged);
	const {areRight = false, undecidedCells = []} =
		formsRead === null ? {} : findForms(formsRead, settings.forms?.forced);
	if (formsRead === null || !areRight) return null;
	for (const {state} of merged) tellUndecided(state, undecidedCells);
	const folded = placeFaults(board, parts, merged);
	const rejects = placeRejects(board, parts, settings, encoding);
	const told = {...first.dialect, encoding, ...assumedEncoding(board, parts)};
	const dialect = withForms(told, describeForms(formsRead));
	const spooled = placeSpooled(board, parts, encoding);
	return {
		...{rows, rejectedRows, ...sumFiltered(parts)},
		...rejects,
		...(spooled !== undefined && {spooled}),
		...decodeStructure(first.structure, encoding),
		...{dialect, folded: await allInUtf8(folded, encoding), identity: first.identity},
		...(contentHash !== undefined && {contentHash: hashText(contentHash)}),
	};
}

/** Missing where parts were not hashed. */
function hashOfAll(parts: readonly RangedPart[]): ContentHash | undefined {
	const [first, ...others] = parts.flatMap(({contentHash}) => (contentHash === undefined ? [] : [contentHash]));
	return first === undefined ? undefined : others.reduce(addHashes, first);
}

/** `null` where parts were read in different forms. */
function formsOfAll(parts: readonly RangedPart[], merged: readonly NamedState[]): FormsRead | null {
	const [first, ...others] = parts.map(({formsRead}) => formsRead);
	if (first === undefined || !others.every(({used}) => areSameForms(used, first.used))) return null;
	const columns = merged.find(({state}) => state.columns.named.size > 0)?.state.columns;
	const states = new Map(Array.from(columns?.named.values() ?? [], ({index, state}) => [index, state]));
	const evidence = mergeEvidence([first, ...others].map(read => read.evidence)).map(each => {
		const state = each.kind === 'cells' ? states.get(each.column) : undefined;
		return state === undefined ? each : withClasses(each, () => state);
	});
	return {...first, evidence};
}
