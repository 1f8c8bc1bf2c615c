// What a task came to: figures, tables, charts, rejected records, and all of it to take along.
import {useQuery} from '@tanstack/react-query';
import {type ReactNode, useRef} from 'react';
import {Link, useSearchParams} from 'wouter';
import {hintOf, missingAnalyses} from '../../store/analysis-results.ts';
import {formatBytes, formatInteger, formatSeconds} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import type {ResultAnswer} from '../api/types.ts';
import {Fact} from '../files/tasks-of-file.tsx';
import {copyText} from '../shell/copy-text.ts';
import {useKeys} from '../shell/keys.ts';
import {show} from '../shell/show-text.ts';
import {Answered} from '../shell/states.tsx';
import {T} from '../texts.ts';
import {OverTime} from './over-time.tsx';
import {Presented, usePresentations, useTables} from './presented.tsx';
import {Rejects} from './rejects.tsx';

export default function ResultView({id}: {readonly id: string}): ReactNode {
	const result = useQuery({
		queryKey: ['result', id],
		queryFn: ({signal}) => ask<ResultAnswer>('GET', `/api/v1/results/${encodeURIComponent(id)}`, {signal}),
	});
	return (
		<main id="content">
			<Answered query={result}>{answer => <Result result={answer} />}</Answered>
		</main>
	);
}

function Result({result}: {readonly result: ResultAnswer}): ReactNode {
	const presentations = usePresentations(result);
	const [params] = useSearchParams();
	const view = params.get('view');
	const shown = presentations.find(({name}) => name === view) ?? presentations[0];
	const hint = hintOf(result);
	return (
		<>
			<h1>
				<bdi>{T.result.title(show(result.file))}</bdi>
			</h1>
			<Downloads result={result} analysis={shown?.name ?? null} />
			<dl className="facts">
				<Fact name={T.result.rows} value={formatInteger(result.rows)} />
				<Fact name={T.result.rejected} value={formatInteger(result.rejected_rows)} />
				<Fact name={T.result.time} value={formatSeconds(result.processing_time)} />
				<Fact name={T.result.bytes} value={formatBytes(result.bytes)} />
			</dl>
			{hint !== null && <p className="hint">{show(hint, 1000)}</p>}
			{missingAnalyses(result).map(([name, message]) => (
				<p key={name} className="wrong">
					{T.result.notMade}: {name}. {show(message, 1000)}
				</p>
			))}
			{presentations.length > 1 && (
				<nav className="tabs" aria-label={T.result.views}>
					{presentations.map(({name, title}) => (
						<Link
							key={name}
							href={`/results/${result.task_execution_id}?view=${encodeURIComponent(name)}`}
							replace
							aria-current={name === shown?.name ? 'page' : undefined}
						>
							{title}
						</Link>
					))}
				</nav>
			)}
			{shown !== undefined && <Presented presentation={shown} />}
			<OverTime result={result} shown={shown?.name ?? null} />
			<Rejects result={result} />
		</>
	);
}

interface DownloadsProps {
	readonly result: ResultAnswer;
	/** The one that is shown: its tables are offered. */
	readonly analysis: string | null;
}

function Downloads({result, analysis}: DownloadsProps): ReactNode {
	const {task_execution_id: id, file_id: file, links} = result;
	const json = useRef<HTMLAnchorElement>(null);
	const offered =
		useTables(id).data?.tables.filter(({name}) => analysis === null || name.startsWith(`${analysis}.`)) ?? [];
	useKeys({e: () => json.current?.click()});
	return (
		<section aria-label={T.result.downloads} className="downloads">
			<a ref={json} className="button" href={`/api/v1/results/${id}.json`} download>
				{T.result.json}
			</a>
			{offered.map(({name, links: {csv, parquet}}) => (
				<span key={name} className="pair">
					<a className="button" href={csv} download>
						{name} CSV
					</a>
					<a className="button" href={parquet} download aria-label={`Parquet: ${name}`}>
						Parquet
					</a>
				</span>
			))}
			{links.rejects !== undefined && (
				<a className="button" href={links.rejects} download>
					{T.result.rejectsCsv}
				</a>
			)}
			<button type="button" title={T.result.shareHint} onClick={() => void copyText(location.href)}>
				{T.result.share}
			</button>
			<Link href={`/files/${file}`}>{T.upload.open}</Link>
		</section>
	);
}
