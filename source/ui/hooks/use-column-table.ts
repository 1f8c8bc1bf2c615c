import {useMemo} from 'react';
import type {FileInspection} from '../../model/run-control.ts';
import {resultsOf} from '../../store/analysis-results.ts';
import {type ColumnTable, joinColumnTables} from '../../store/column-table.ts';
import {matchResults, NAME_JOINT, presentResult} from '../../store/present.ts';
import {selectFile} from '../../store/selectors.ts';
import type {RunState} from '../../store/state.ts';
import {safe} from '../../text/safe.ts';
import type {UiState} from '../commands/ui-state.ts';
import {spell} from '../look/glyphs.ts';
import type {Look} from '../look/look.ts';
import {type ColumnList, listColumns} from '../views/column-lines.ts';

export interface ShownColumns {
	readonly table: ColumnTable;
	readonly list: ColumnList;
}

export interface KnownResults {
	/** Of a file that still streams. */
	readonly inspection: FileInspection | null;
	/** Of all files so far. */
	readonly soFar: RunState['analyses'] | null;
}

/** The columns of the file of the details view, or of the run; `null` where no analysis tells of columns, or not yet. */
export function useColumnTable(
	state: RunState,
	ui: UiState,
	{inspection, soFar}: KnownResults,
	columns: number,
	look: Look,
): ShownColumns | null {
	const isShown = ui.overlay === 'columns' || ui.overlay === 'column';
	const isOfFile = ui.view === 'details';
	const file = isOfFile ? (selectFile(state, ui.detailsFile)?.report ?? inspection) : null;
	const run = isOfFile ? null : state.phase === 'ended' ? state.analyses : soFar;
	const {analysisInfos} = state;
	const table = useMemo(() => {
		const results = file === null ? run : Object.fromEntries(resultsOf(file));
		if (!isShown || results === null) return null;
		const joint = spell(NAME_JOINT, look.glyphs);
		const tables = matchResults(analysisInfos, results).flatMap(
			({info, result}) => presentResult(info, result, safe, joint).tables,
		);
		return joinColumnTables(tables);
	}, [isShown, file, run, analysisInfos, look]);
	const {sortedBy, isDescending} = ui.columnCursor;
	return useMemo(() => {
		if (table === null) return null;
		return {table, list: listColumns(table, {sortedBy, isDescending}, columns, look)};
	}, [table, sortedBy, isDescending, columns, look]);
}
