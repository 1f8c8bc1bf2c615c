import {useLayoutEffect, useRef} from 'react';
import type {UiState} from '../commands/ui-state.ts';

/**
Calls back when a change of the screen's own state has been rendered.

Frames for events of the run wait for their turn; those for the user's keys do not.
*/
export function useUiRendered(ui: UiState, onUiRendered: () => void): void {
	const latestOnUiRendered = useRef(onUiRendered);
	latestOnUiRendered.current = onUiRendered;
	const renderedUi = useRef(ui);
	useLayoutEffect(() => {
		if (renderedUi.current === ui) return;
		renderedUi.current = ui;
		latestOnUiRendered.current();
	}, [ui]);
}
