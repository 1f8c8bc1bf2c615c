import {type Dispatch, useEffect} from 'react';
import {safe} from '../../text/safe.ts';
import type {StrayMessages} from '../stray-messages.ts';
import type {UiEvent} from '../ui-state.ts';

/** Shows what others write to standard error as a notice. */
export function useMessages(messages: Pick<StrayMessages, 'subscribe'>, dispatch: Dispatch<UiEvent>): void {
	useEffect(() => messages.subscribe(line => dispatch({type: 'notify', notice: safe(line)})), [messages, dispatch]);
}
