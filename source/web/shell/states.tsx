// What a view shows in the place of its content: that it loads, that it cannot, that there is nothing. An error is never drawn as nothing.
import type {UseQueryResult} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {reasonOf} from '../api/ask.ts';
import {T} from '../texts.ts';

export const Loading = (): ReactNode => (
	<p className="placeholder" aria-busy="true">
		{T.loading}
	</p>
);

interface FaultProps {
	readonly reason: string;
	readonly onRetry?: (() => void) | undefined;
}

export const Fault = ({reason, onRetry}: FaultProps): ReactNode => (
	<div className="placeholder fault" role="alert">
		<p>{reason}</p>
		{onRetry !== undefined && (
			<button type="button" onClick={onRetry}>
				{T.retry}
			</button>
		)}
	</div>
);

interface AnsweredProps<Answer> {
	readonly query: UseQueryResult<Answer>;
	readonly children: (answer: Answer) => ReactNode;
}

/** What was answered before stays while it is asked again. */
export function Answered<Answer>({query, children}: AnsweredProps<Answer>): ReactNode {
	if (query.data !== undefined)
		return (
			<>
				{query.isError && <Fault reason={T.failed(reasonOf(query.error))} onRetry={() => void query.refetch()} />}
				{children(query.data)}
			</>
		);
	// Also while it is tried again: a view that waits says for what.
	const error = query.error ?? query.failureReason;
	if (error !== null) return <Fault reason={T.failed(reasonOf(error))} onRetry={() => void query.refetch()} />;
	return <Loading />;
}
