import {type Dispatch, useEffect} from 'react';
import type {UiEvent} from '../commands/ui-state.ts';

/** Long enough to be read, short enough that the keys are back when they are needed. */
const NOTICE_MS = 3000;

/** Clears a notice after a while, so that the footer shows the keys again. */
export function useNoticeExpiry(notice: string, dispatch: Dispatch<UiEvent>): void {
	useEffect(() => {
		if (notice === '') return;
		const timer = setTimeout(() => dispatch({type: 'notify', notice: ''}), NOTICE_MS);
		return () => clearTimeout(timer);
	}, [notice, dispatch]);
}
