import {type Dispatch, useEffect} from 'react';
import {safe} from '../../text/safe.ts';
import type {UiEvent} from '../commands/ui-state.ts';
import type {StrayMessages} from '../terminal/stray-messages.ts';

/** Shows what other code writes to standard error as a notice. */
export function useMessages(messages: Pick<StrayMessages, 'subscribe'>, dispatch: Dispatch<UiEvent>): void {
	useEffect(() => messages.subscribe(line => dispatch({type: 'notify', notice: safe(line)})), [messages, dispatch]);
}
