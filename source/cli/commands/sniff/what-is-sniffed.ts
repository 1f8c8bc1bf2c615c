import {columnTypesAlone} from '../../../analysis/builtin/column-types.ts';
import type {Plan} from '../../../engine/plan/plan.ts';
import {isRemote} from '../../../engine/shared/source-location.ts';
import type {FileReport} from '../../../model/report.ts';
import type {ProfileResult} from '../../../model/results.ts';

/** Every table and every text is read to its end, whatever is wrong with its records. */
export const WHAT_IS_SNIFFED = {
	analysis: ['profile', 'lines'],
	tellsStructure: true,
	where: undefined,
	maxErrors: undefined,
	simulateIoMs: 0,
} as const;

/** Of files that can be read once more, where something is left open: that is twice as fast. */
export const TYPES_OF_SNIFFED = [columnTypesAlone.name, 'lines'] as const;

/** So much of each file is read with --quick. */
export const QUICK_BYTES = 1024 * 1024;

/** Whether there is no stream in a plan. */
export const areReadableAgain = (entries: Plan['entries']): boolean =>
	entries.every(entry => entry.type !== 'file' || isReadableAgain(entry));

/** The files of a plan with certain reports, which are read once more; streams are left out. */
export function readAgain(
	entries: Plan['entries'],
	files: readonly FileReport[],
	isWanted: (report: FileReport) => boolean,
): Plan['entries'] {
	const wanted = new Set(files.filter(isWanted).map(({file}) => file));
	return entries.filter(entry => entry.type === 'file' && wanted.has(entry.file) && isReadableAgain(entry));
}

const isReadableAgain = ({source}: Extract<Plan['entries'][number], {type: 'file'}>): boolean =>
	source.kind === 'file' || source.kind === 'member' || isRemote(source);

/** The columns of a table that was read; none of any other file. */
export function columnsOfTable({analysis, result}: FileReport): readonly ColumnOfTable[] {
	const isTable = analysis === WHAT_IS_SNIFFED.analysis[0] || analysis === TYPES_OF_SNIFFED[0];
	return isTable && result !== null ? (result as ProfileResult).columns : [];
}

/** Whether texts that are frequent may say in which other encoding a table is. */
export const isEncodingGuessed = (report: FileReport): boolean =>
	report.dialect?.encoding_assumed !== undefined && columnsOfTable(report).length > 0;

type ColumnOfTable = Pick<ProfileResult['columns'][number], 'name' | 'index' | 'type' | 'mostly' | 'undecided'>;
