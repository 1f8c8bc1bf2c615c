import {type Dispatch, type RefObject, useEffect, useReducer, useRef, useState} from 'react';
import type {Effects} from '../commands/actions.ts';
import {createUiState, type InitialUi, reduceUi, type UiEvent, type UiState} from '../commands/ui-state.ts';

interface UiFacts extends InitialUi {
	readonly leave: Effects['leave'];
}

interface CurrentUi {
	readonly ui: UiState;
	readonly dispatch: Dispatch<UiEvent>;
	/** The state after all applied events, of which the last ones may not have been rendered yet. */
	readonly latest: Readonly<RefObject<UiState>>;
	/** Applies events to `latest` at once. */
	readonly apply: (events: readonly UiEvent[]) => void;
}

/** The screen's own state. It follows the end of the run, and leaves the dashboard then if the user has stopped the run. */
export function useUiState({leave, ...initial}: UiFacts): CurrentUi {
	const {isEnded} = initial;
	const [ui, dispatch] = useReducer(reduceUi, initial, createUiState);

	// Several keys may come before the next render: each is applied to the state that the one before left.
	const latest = useRef(ui);
	latest.current = ui;
	const apply = (events: readonly UiEvent[]): void => {
		for (const event of events) {
			latest.current = reduceUi(latest.current, event);
			dispatch(event);
		}
	};

	// Updated during rendering, so that no frame shows the old view after the end.
	const [isEndHandled, setEndHandled] = useState(isEnded);
	if (isEnded !== isEndHandled) {
		setEndHandled(isEnded);
		if (!isEnded) dispatch({type: 'run-reopened'});
		else if (!ui.isStopping) dispatch({type: 'run-ended'});
	}
	useEffect(() => {
		if (isEnded && latest.current.isStopping) leave('left');
	}, [isEnded, leave]);

	return {ui, dispatch, latest, apply};
}
