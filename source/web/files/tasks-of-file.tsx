// The newest task of a file, with what can be done to it.
import type {ReactNode} from 'react';
import {Link} from 'wouter';
import {formatBytes, formatInteger, formatPercent, formatSeconds} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import type {FileAnswer, TaskAnswer} from '../api/types.ts';
import {Fault} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {act, applies, type FileAction} from './act.ts';
import {fileStore, useFileRow} from './file-store.ts';
import {partOf} from './status.tsx';

export function TasksOfFile({file}: {readonly file: FileAnswer}): ReactNode {
	const row = useFileRow(file.file_id);
	const action = useAction();
	const start = (name: FileAction): void => {
		void action.run(async () => {
			const {reason} = await act(name, [file.file_id]);
			if (reason !== null) throw new Error(reason);
		});
	};
	const hold = (isPaused: boolean): void => {
		const path = `/api/v1/runs/${row?.taskId}/${isPaused ? 'pause' : 'resume'}`;
		void action.run(async () => fileStore.takeTask(await ask<TaskAnswer>('POST', path)));
	};
	const part = row === undefined ? null : partOf(row);
	const seconds =
		file.started_at === null || file.completed_at === null
			? null
			: (Date.parse(file.completed_at) - Date.parse(file.started_at)) / 1000;
	return (
		<section aria-labelledby="tasks">
			<h2 id="tasks">{T.file.tasks}</h2>
			{file.task_execution_id === null ? (
				<p>{T.file.noTask}</p>
			) : (
				<>
					<dl className="facts">
						<Fact name={T.files.columns.analysis} value={file.task_id || T.file.proposed} />
						<Fact name={T.file.attempts} value={formatInteger(row?.attempts ?? file.attempts)} />
						<Fact name={T.files.columns.rows} value={figure(row?.rows ?? file.rows)} />
						<Fact name={T.files.columns.rejected} value={figure(row?.rejectedRows ?? file.rejected_rows)} />
						{seconds !== null && <Fact name={T.file.time} value={formatSeconds(seconds)} />}
						{file.completed_at !== null && (
							<Fact name={T.history.columns.ended} value={<Time at={file.completed_at} />} />
						)}
					</dl>
					{row !== undefined && part !== null && (
						<p>
							<progress value={part} max={1} aria-label={T.files.columns.progress} /> {formatPercent(part)},{' '}
							{formatBytes(row.bytesRead)}
						</p>
					)}
					<div className="buttons">
						{row?.status === 'COMPLETED' && (
							<Link className="button strong" href={`/results/${row.taskId}`}>
								{T.file.openResult}
							</Link>
						)}
						{row !== undefined && applies('cancel', row) && (
							<>
								<button type="button" onClick={() => hold(!row.isPaused)}>
									{row.isPaused ? T.upload.resume : T.upload.pause}
								</button>
								<button type="button" onClick={() => start('cancel')}>
									{T.files.cancel}
								</button>
							</>
						)}
						{row !== undefined && applies('retry', row) && (
							<button type="button" onClick={() => start('retry')}>
								{T.files.retry}
							</button>
						)}
					</div>
				</>
			)}
			{action.fault !== null && <Fault reason={action.fault} />}
		</section>
	);
}

const figure = (value: number | null): string => (value === null ? T.none : formatInteger(value));

export const Fact = ({name, value}: {readonly name: string; readonly value: ReactNode}): ReactNode => (
	<div>
		<dt>{name}</dt>
		<dd>{value}</dd>
	</div>
);
