// A table of a result, with its chart: rows sort by what they are worth, not by how that is written.
import {lazy, type ReactNode, Suspense, useMemo, useState} from 'react';
import {describeMore, type Presentation, type Table} from '../../store/present.ts';
import {sizesOverTime} from '../../store/series.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Loading} from '../shell/states.tsx';
import {T} from '../texts.ts';
import {Histogram} from './histogram.tsx';

const Plot = lazy(() => import('./plot.tsx'));

interface Row {
	readonly index: number;
	readonly name: string;
}

/** More columns than these are found by their names. */
const MOST_ROWS = 500;
const MOST_BARS = 24;
const MOST_MOMENTS = 2000;

interface ResultTableProps {
	readonly table: Table;
	/** Of its heading on the page. */
	readonly level?: 3 | 5;
}

export function ResultTable({table, level = 3}: ResultTableProps): ReactNode {
	const Heading = `h${level}` as const;
	const [sought, setSought] = useState('');
	const all = useMemo(
		() => Array.from({length: table.rowCount}, (_, index): Row => ({index, name: table.nameOf(index) ?? T.none})),
		[table],
	);
	const columns = useMemo(() => columnsOf(table), [table]);
	const found = sought === '' ? all : all.filter(({name}) => name.toLowerCase().includes(sought.toLowerCase()));
	const title = table.title.charAt(0).toUpperCase() + table.title.slice(1);
	const more = describeMore(table, table.rowCount);
	return (
		<div className="result-table">
			<Heading>{title}</Heading>
			{table.error !== null && <p className="wrong">{table.error}</p>}
			<Chart table={table} title={title} />
			{all.length > 20 && (
				<p>
					<label>
						{T.result.filterRows}{' '}
						<input type="search" value={sought} onChange={event => setSought(event.target.value)} />
					</label>
				</p>
			)}
			{table.rowCount > 0 && (
				<DataTable
					caption={title}
					isCaptionHidden
					columns={columns}
					rows={found.slice(0, MOST_ROWS)}
					keyOf={({index}) => String(index)}
				/>
			)}
			{found.length > MOST_ROWS && <p className="hint">{T.result.moreRows(MOST_ROWS, String(found.length))}</p>}
			{more !== null && <p className="hint">{more}</p>}
		</div>
	);
}

function columnsOf(table: Table): readonly Column<Row>[] {
	const name: Column<Row> = {
		...{id: 'name', title: table.nameLabel, rank: row => row.name},
		show: row => (
			<span className="cell-text">
				<bdi>{row.name}</bdi>
			</span>
		),
	};
	const hasHistogram = all(table).some(index => table.histogramOf(index).length > 1);
	const histogram: Column<Row> = {
		...{id: 'histogram', title: T.result.histogram},
		show: row => <Histogram counts={table.histogramOf(row.index)} name={row.name} />,
	};
	const values = table.values.map(({label, format}, place): Column<Row> => {
		const isText = format === 'name' || format === 'places' || format === 'top-value' || format === 'median';
		return {
			...{id: `${place}`, title: label, isFigure: !isText, rank: row => table.rankOf(row.index, place)},
			show: row => (
				<span className="cell-text">
					<bdi>{table.valuesOf(row.index)[place] ?? T.none}</bdi>
				</span>
			),
		};
	});
	return [name, ...(hasHistogram ? [histogram] : []), ...values];
}

const all = (table: Table): number[] => Array.from({length: table.rowCount}, (_, index) => index);

function Chart({table, title}: {readonly table: Table; readonly title: string}): ReactNode {
	const isSeries = table.show === 'series';
	const count = Math.min(table.rowCount, isSeries ? MOST_MOMENTS : MOST_BARS);
	const label = table.values[0]?.label ?? '';
	const drawn = useMemo(() => {
		const names = Array.from({length: count}, (_, index) => table.nameOf(index) ?? '');
		const values = isSeries
			? sizesOverTime(table).slice(0, MOST_MOMENTS)
			: names.map((_, index) => table.sizeOf(index));
		return {names, series: [{label, values}]};
	}, [table, count, isSeries, label]);
	if ((table.show !== 'bars' && !isSeries) || count < 2) return null;
	return (
		<figure>
			<Suspense fallback={<Loading />}>
				<Plot {...drawn} kind={isSeries ? 'line' : 'bars'} label={T.result.chartOf(title, label)} />
			</Suspense>
			<figcaption className="hint">{label}</figcaption>
		</figure>
	);
}

export function Figures({figures}: Pick<Presentation, 'figures'>): ReactNode {
	if (figures.length === 0) return null;
	return (
		<dl className="figures">
			{figures.map(({label, text}) => (
				<div key={label}>
					<dt>{label}</dt>
					<dd>
						<bdi>{text ?? T.none}</bdi>
					</dd>
				</div>
			))}
		</dl>
	);
}
