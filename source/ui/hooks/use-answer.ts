import {useEffect, useState} from 'react';
import type {OnDemand} from '../../model/run-control.ts';
import type {Answer} from '../views/answer-lines.ts';

/** Reads a file for the question that is asked, for as long as its answer is open. */
export function useAnswer(
	onDemand: OnDemand | undefined,
	asked: {readonly text: string; readonly file: string} | null,
	isOpen: boolean,
): Answer | null {
	const [answer, setAnswer] = useState<Answer | null>(null);
	const {text, file} = isOpen && asked !== null ? asked : {text: null, file: null};
	useEffect(() => {
		if (text === null || file === null || onDemand?.ask === undefined) return;
		const leaving = new AbortController();
		const understood = onDemand.understand?.(text);
		const info = understood !== undefined && 'info' in understood ? understood.info : null;
		const show = (more: Partial<Answer>): void => {
			if (leaving.signal.aborted) return;
			setAnswer({text, file, info, result: null, part: null, isOver: false, problem: null, ...more});
		};
		show({});
		onDemand
			.ask(text, file, leaving.signal, ({result, ...part}) => show({result, part}))
			.then(
				result =>
					show({
						result,
						isOver: true,
						problem: result === null ? 'The file cannot be read again, or has changed' : null,
					}),
				(error: unknown) => show({isOver: true, problem: error instanceof Error ? error.message : String(error)}),
			);
		return () => leaving.abort();
	}, [onDemand, text, file]);
	return answer?.text === text && answer?.file === file ? answer : null;
}
