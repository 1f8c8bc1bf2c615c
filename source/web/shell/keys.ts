// Keys of one letter. They can be switched off, and do nothing while somebody types, or in a dialog (WCAG 2.1.4).
import {useEffect, useRef, useSyncExternalStore} from 'react';

const STORED = 'fileproc-keys';
const listeners = new Set<() => void>();

export const areKeysOn = (): boolean => localStorage.getItem(STORED) !== 'off';

export function switchKeys(isOn: boolean): void {
	if (isOn) localStorage.removeItem(STORED);
	else localStorage.setItem(STORED, 'off');
	for (const listener of listeners) listener();
}

export const useKeysAreOn = (): boolean =>
	useSyncExternalStore(listener => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	}, areKeysOn);

export type KeyActions = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const TYPES_INTO =
	'input:not([type=checkbox], [type=radio], [type=button], [type=file]), textarea, select, [contenteditable]';
/** What a control takes itself while it has the focus. */
const ACTIVATES = new Set(['Enter', ' ']);

/** @param actions - By `event.key`. Those of the view that was shown last come first. */
export function useKeys(actions: KeyActions): void {
	const latest = useRef(actions);
	latest.current = actions;
	useEffect(() => {
		const handle = (event: KeyboardEvent): void => {
			const action = latest.current[event.key];
			if (action === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
			const target = event.target instanceof Element ? event.target : null;
			if (document.querySelector('dialog[open]') !== null || target?.closest(TYPES_INTO) != null) return;
			if (ACTIVATES.has(event.key) && target?.closest('button, a, summary, input') != null) return;
			if (event.key.length === 1 && event.key !== ' ' && !areKeysOn()) return;
			event.preventDefault();
			action(event);
		};
		addEventListener('keydown', handle);
		return () => removeEventListener('keydown', handle);
	}, []);
}
