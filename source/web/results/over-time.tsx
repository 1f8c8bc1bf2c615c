// Amounts over time: no report has them by itself. The file is read once more for them, and for what was made of it before.
import type {ReactNode} from 'react';
import {useLocation} from 'wouter';
import {resultsOf} from '../../store/analysis-results.ts';
import {ask} from '../api/ask.ts';
import type {ResultAnswer, TaskAnswer} from '../api/types.ts';
import {fileStore} from '../files/file-store.ts';
import {Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

const BY_MONTH = 'amount-by-month';
/** Whose files have amounts and dates. */
const DATED = 'transactions';

interface OverTimeProps {
	readonly result: ResultAnswer;
	/** The analysis that is looked at. */
	readonly shown: string | null;
}

export function OverTime({result, shown}: OverTimeProps): ReactNode {
	const names = Array.from(resultsOf(result), ([name]) => name);
	const [, navigate] = useLocation();
	const action = useAction();
	if (shown !== DATED || names.includes(BY_MONTH)) return null;
	const start = (): void => {
		void action.run(async () => {
			const path = `/api/v1/runs/${encodeURIComponent(result.task_execution_id)}`;
			const {options, mapping} = await ask<TaskAnswer>('GET', path);
			const json = {
				file_id: result.file_id,
				analyses: [...names, BY_MONTH],
				...{options, mapping: mapping?.name ?? 'none'},
			};
			fileStore.takeTask(await ask<TaskAnswer>('POST', '/api/v1/runs', {json}));
			navigate(`/files/${result.file_id}`);
		});
	};
	return (
		<section aria-labelledby="over-time">
			<h2 id="over-time">{T.result.overTime}</h2>
			<p className="hint">{T.result.overTimeHint}</p>
			{action.fault !== null && <Fault reason={action.fault} />}
			<button type="button" disabled={action.isBusy} onClick={start}>
				{T.result.overTimeStart}
			</button>
		</section>
	);
}
