// What has happened, for screen readers and for everybody: one message in five seconds at most, and milestones only.
import {type ReactNode, useEffect, useState} from 'react';

interface Message {
	readonly text: string;
	readonly isFault: boolean;
}

type Listener = (message: Message) => void;
const listeners = new Set<Listener>();

/** A milestone: when there is a newer one, it need not be read. */
export function announce(text: string): void {
	for (const listener of listeners) listener({text, isFault: false});
}

/** Is read in any case. */
export function announceFault(text: string): void {
	for (const listener of listeners) listener({text, isFault: true});
}

const SPACING_MS = 5000;
const SHOWN_MS = 8000;

export function Announcer(): ReactNode {
	const [text, setText] = useState('');
	useEffect(() => {
		let last = -SPACING_MS;
		let waiting: readonly Message[] = [];
		let timer: ReturnType<typeof setTimeout> | undefined;
		let hiding: ReturnType<typeof setTimeout> | undefined;
		const say = (): void => {
			timer = undefined;
			last = performance.now();
			const [next, ...others] = waiting;
			setText(next?.text ?? '');
			waiting = others;
			clearTimeout(hiding);
			hiding = setTimeout(() => setText(''), SHOWN_MS);
			if (others.length > 0) wait();
		};
		const wait = (): void => {
			timer ??= setTimeout(say, Math.max(0, last + SPACING_MS - performance.now()));
		};
		const listen: Listener = message => {
			// The newest one says more: milestones are totals.
			waiting = [...waiting.filter(({isFault}) => isFault), message];
			wait();
		};
		listeners.add(listen);
		return () => {
			listeners.delete(listen);
			clearTimeout(timer);
			clearTimeout(hiding);
		};
	}, []);
	return (
		<div role="status" className={text === '' ? 'notice' : 'notice shown'}>
			{text}
		</div>
	);
}
