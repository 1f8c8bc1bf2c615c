// Tables that sort: the models are TanStack Table's, the markup is plain, so that screen readers know what it is.
import {
	type ColumnDef,
	createSortedRowModel,
	rowSortingFeature,
	type SortFn,
	tableFeatures,
	useTable,
} from '@tanstack/react-table';
import {type ReactNode, useMemo} from 'react';
import {T} from '../texts.ts';

export interface Column<Row> {
	readonly id: string;
	readonly title: string;
	/** What the column is sorted by; `null` stands behind all others. Left out: it does not sort. */
	readonly rank?: (row: Row) => number | string | null;
	readonly show: (row: Row) => ReactNode;
	readonly isFigure?: boolean;
}

interface DataTableProps<Row> {
	readonly caption: string;
	readonly columns: readonly Column<Row>[];
	readonly rows: readonly Row[];
	readonly keyOf: (row: Row) => string;
	/** Whether the caption is read only. */
	readonly isCaptionHidden?: boolean;
}

const features = tableFeatures({rowSortingFeature, sortedRowModel: createSortedRowModel()});
const names = new Intl.Collator('en', {numeric: true});

function compare(one: number | string, other: number | string): number {
	if (typeof one === 'number' && typeof other === 'number') return one - other;
	return names.compare(String(one), String(other));
}

export function DataTable<Row extends object>(props: DataTableProps<Row>): ReactNode {
	const {caption, columns, rows, keyOf, isCaptionHidden = false} = props;
	const definitions = useMemo(
		() =>
			columns.map(({id, rank}): ColumnDef<typeof features, Row, unknown> => {
				const sortFn: SortFn<typeof features, Row> = (left, right, column) =>
					compare(left.getValue<number | string>(column), right.getValue<number | string>(column));
				return {
					...{id, sortFn, sortUndefined: 'last', enableSorting: rank !== undefined},
					accessorFn: row => rank?.(row) ?? undefined,
				};
			}),
		[columns],
	);
	const table = useTable({features, columns: definitions, data: rows as Row[], getRowId: row => keyOf(row)});
	const shown = new Map(columns.map(column => [column.id, column]));
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
		<div className="scroll" tabIndex={0}>
			<table>
				<caption className={isCaptionHidden ? 'only-read' : undefined}>{caption}</caption>
				<thead>
					{table.getHeaderGroups().map(group => (
						<tr key={group.id}>
							{group.headers.map(({id, column}) => {
								const sorted = column.getIsSorted();
								const {title = '', isFigure = false} = shown.get(column.id) ?? {};
								return (
									<th
										key={id}
										scope="col"
										className={isFigure ? 'figure' : undefined}
										aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
									>
										{column.getCanSort() ? (
											<button type="button" className="plain" onClick={() => column.toggleSorting()}>
												{title}
												<span aria-hidden="true">{sorted === false ? '' : sorted === 'asc' ? ' ▲' : ' ▼'}</span>
											</button>
										) : (
											title
										)}
									</th>
								);
							})}
						</tr>
					))}
				</thead>
				<tbody>
					{table.getRowModel().rows.map(row => (
						<tr key={row.id}>
							{columns.map(({id, show, isFigure}) => (
								<td key={id} className={isFigure === true ? 'figure' : undefined}>
									{show(row.original)}
								</td>
							))}
						</tr>
					))}
					{rows.length === 0 && (
						<tr>
							<td colSpan={columns.length}>{T.result.noRows}</td>
						</tr>
					)}
				</tbody>
			</table>
		</div>
	);
}
