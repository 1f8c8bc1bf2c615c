// What a file was read for on demand: charts of its series, as far as the file has been read for them.
import type {AnalysisInfo, ResultObject} from '../../model/analysis-info.ts';
import type {ReadingSoFar} from '../../model/run-control.ts';
import {NAME_JOINT, presentResult} from '../../store/present.ts';
import {formatPercent} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {spell} from '../look/glyphs.ts';
import type {Line} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {seriesLines} from './series-lines.ts';

export interface KnownReading {
	readonly info: AnalysisInfo;
	readonly result: ResultObject;
	/** The part of the file that the result is of; `null` for all of it. */
	readonly part: Omit<ReadingSoFar, 'result'> | null;
}

const builtCharts = new WeakMap<
	KnownReading,
	{readonly columns: number; readonly look: Look; readonly charts: Line[][]}
>();

/** Those of 120,000 months take 30 ms to build: they are built when they change, and not ten times a second. */
export function buildCharts(known: KnownReading, columns: number, look: Look): Line[][] {
	const last = builtCharts.get(known);
	if (last?.columns === columns && last.look === look) return last.charts;
	const charts = presentResult(known.info, known.result, safe, spell(NAME_JOINT, look.glyphs))
		.tables.filter(({show, rowCount}) => show === 'series' && rowCount > 1)
		.map(table => seriesLines(table, columns, look, describePart(known)));
	builtCharts.set(known, {columns, look, charts});
	return charts;
}

/** The chart of a part must not be mistaken for that of the whole file. */
function describePart({part}: KnownReading): string {
	if (part === null) return '';
	const {bytesRead, bytesTotal} = part;
	if (bytesTotal === null) return 'so far';
	// Of a packed file the last bytes may have been read before they are unpacked.
	const fraction = Math.min(0.99, bytesRead / bytesTotal);
	return fraction < 0.01 ? 'under 1 % of file' : `first ${formatPercent(fraction)} of file`;
}
