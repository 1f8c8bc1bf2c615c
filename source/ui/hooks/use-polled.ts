import {useEffect, useRef, useState} from 'react';

interface Answer<T> {
	readonly subject: string;
	readonly value: T | null;
}

/**
Asks again and again, each time once the last answer has come, and gives the last answer about the subject.

@param subject - What is asked about; while `null`, nothing is asked. An answer about another subject is never given.
*/
export function usePolled<T>(
	ask: ((subject: string) => Promise<T | null>) | undefined,
	subject: string | null,
	intervalMs: number,
): T | null {
	const [answer, setAnswer] = useState<Answer<T> | null>(null);
	const latestAsk = useRef(ask);
	latestAsk.current = ask;
	const canAsk = ask !== undefined;
	useEffect(() => {
		if (subject === null || !canAsk) return;
		let isOver = false;
		let timer: NodeJS.Timeout | undefined;
		const poll = async (): Promise<void> => {
			// What can't be said now is asked for again: a view is no place to fail in.
			const value = (await latestAsk.current?.(subject).catch(() => null)) ?? null;
			if (isOver) return;
			setAnswer({subject, value});
			timer = setTimeout(() => void poll(), intervalMs);
		};
		void poll();
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [subject, canAsk, intervalMs]);
	return subject !== null && answer?.subject === subject ? answer.value : null;
}
