// What a question came to: its table, as soon as it is there.
import {useQuery} from '@tanstack/react-query';
import {type ReactNode, useEffect} from 'react';
import {Link} from 'wouter';
import {quantity} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import type {ResultAnswer, TaskAnswer} from '../api/types.ts';
import {Presented, usePresentations} from '../results/presented.tsx';
import {announce} from '../shell/announce.tsx';
import {show} from '../shell/show-text.ts';
import {Answered} from '../shell/states.tsx';
import {T} from '../texts.ts';
import {useFileRow} from './file-store.ts';

const LOOK_MS = 2000;

interface QuestionAnswerProps {
	/** Of the task. */
	readonly id: string;
	readonly file: string;
}

export function QuestionAnswer({id, file}: QuestionAnswerProps): ReactNode {
	const row = useFileRow(file);
	// Asked again whenever the state of the file has changed. That of this task is not told by it where the file has a newer one.
	const task = useQuery({
		queryKey: ['task', id, row?.taskId, row?.status],
		queryFn: ({signal}) => ask<TaskAnswer>('GET', `/api/v1/runs/${encodeURIComponent(id)}`, {signal}),
		placeholderData: before => before,
		refetchInterval: ({state: {data}}) =>
			data?.status === 'QUEUED' || data?.status === 'PROCESSING' ? LOOK_MS : false,
	});
	return (
		<Answered query={task}>
			{({status, error, options}) => (
				<>
					<h3>{show(String(options.question), 500)}</h3>
					{status === 'COMPLETED' ? (
						<Result id={id} />
					) : (
						<p className={error === null ? 'hint' : 'wrong'} role="status">
							{error === null ? T.question.states[status] : show(error.message, 2000)}
						</p>
					)}
				</>
			)}
		</Answered>
	);
}

function Result({id}: {readonly id: string}): ReactNode {
	const result = useQuery({
		queryKey: ['result', id],
		queryFn: ({signal}) => ask<ResultAnswer>('GET', `/api/v1/results/${encodeURIComponent(id)}`, {signal}),
	});
	return <Answered query={result}>{answer => <Shown result={answer} />}</Answered>;
}

function Shown({result}: {readonly result: ResultAnswer}): ReactNode {
	const presentations = usePresentations(result);
	const {rows, rejected_rows: rejected, filtered = 0} = result;
	useEffect(() => announce(T.question.answered), []);
	return (
		<>
			{presentations.map(presentation => (
				<Presented key={presentation.name} presentation={presentation} level={4} />
			))}
			<p className="hint">
				{T.question.of(quantity(rows, 'record'))}
				{filtered > 0 && ` ${T.question.filtered(quantity(filtered, 'record'))}`}
				{rejected > 0 && ` ${T.question.rejected(quantity(rejected, 'record'))}`}
			</p>
			<div className="buttons">
				<Link className="button" href={`/results/${result.task_execution_id}`}>
					{T.file.openResult}
				</Link>
			</div>
		</>
	);
}
