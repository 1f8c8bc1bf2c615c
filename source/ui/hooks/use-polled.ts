import {useEffect, useRef, useState} from 'react';

interface Answer<T> {
	readonly subject: string;
	readonly value: T | null;
}

/**
Polls repeatedly, each time after the last answer has arrived, and returns the latest answer about the subject.

@param subject - The subject of the request; `null` stops polling. Answers about another subject are never returned.
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
			// A failed request is repeated, because a view must not fail.
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
