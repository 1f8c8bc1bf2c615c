// What was made of a file by one analysis, whichever that is: figures, and tables with their charts.
import analyses from 'virtual:analyses';
import {type UseQueryResult, useQuery} from '@tanstack/react-query';
import {type ReactNode, useMemo} from 'react';
import {resultsOf} from '../../store/analysis-results.ts';
import {type Presentation, presentResults} from '../../store/present.ts';
import {ask} from '../api/ask.ts';
import type {ResultAnswer, ResultTables} from '../api/types.ts';
import {show} from '../shell/show-text.ts';
import {Figures, ResultTable} from './result-table.tsx';

export const useTables = (id: string): UseQueryResult<ResultTables> =>
	useQuery({
		queryKey: ['tables', id],
		queryFn: ({signal}) => ask<ResultTables>('GET', `/api/v1/results/${encodeURIComponent(id)}/tables`, {signal}),
	});

/** Of all analyses. Those that are not built in, as questions, come once the server has said how they are shown. */
export function usePresentations(result: ResultAnswer): readonly Presentation[] {
	const views = useTables(result.task_execution_id).data?.views;
	return useMemo(() => {
		const known = analyses.map(({name}) => name);
		const others = (views ?? []).filter(({name}) => !known.includes(name)).map(each => ({...each, columns: []}));
		return presentResults([...analyses, ...others], Object.fromEntries(resultsOf(result)), text => show(text));
	}, [result, views]);
}

interface PresentedProps {
	readonly presentation: Presentation;
	/** Of its heading on the page. */
	readonly level?: 2 | 4;
}

export const Presented = ({presentation, level = 2}: PresentedProps): ReactNode => {
	const Heading = `h${level}` as const;
	const id = `analysis-${presentation.name}`;
	return (
		<section aria-labelledby={id}>
			<Heading id={id}>{presentation.title}</Heading>
			<Figures figures={presentation.figures} />
			{presentation.tables.map(table => (
				<ResultTable key={`${presentation.name}.${table.title}`} table={table} level={level === 2 ? 3 : 5} />
			))}
		</section>
	);
};
