// What has happened, for screen readers and for everybody: one message in five seconds at most, and milestones only.
import {type ReactNode, useEffect, useState} from 'react';

type Listener = (text: string) => void;
const listeners = new Set<Listener>();

export function announce(text: string): void {
	for (const listener of listeners) listener(text);
}

const SPACING_MS = 5000;
const SHOWN_MS = 8000;

export function Announcer(): ReactNode {
	const [text, setText] = useState('');
	useEffect(() => {
		let last = -SPACING_MS;
		let next: string | null = null;
		let timer: ReturnType<typeof setTimeout> | undefined;
		let hiding: ReturnType<typeof setTimeout> | undefined;
		const say = (): void => {
			timer = undefined;
			last = performance.now();
			setText(next ?? '');
			next = null;
			clearTimeout(hiding);
			hiding = setTimeout(() => setText(''), SHOWN_MS);
		};
		const listen: Listener = text => {
			// The newest one says more: milestones are totals.
			next = text;
			timer ??= setTimeout(say, Math.max(0, last + SPACING_MS - performance.now()));
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
