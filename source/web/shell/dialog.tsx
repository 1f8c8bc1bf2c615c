// A dialog of the browser itself: it keeps the focus, closes with Esc, and hides what is behind it from screen readers.
import {type ReactNode, useEffect, useId, useRef} from 'react';
import {T} from '../texts.ts';

interface DialogProps {
	readonly title: string;
	readonly children: ReactNode;
	readonly onClose: () => void;
	readonly isWide?: boolean;
}

export function Dialog({title, children, onClose, isWide = false}: DialogProps): ReactNode {
	const reference = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const dialog = reference.current;
		dialog?.showModal();
		return () => dialog?.close();
	}, []);
	return (
		<dialog ref={reference} aria-labelledby={id} className={isWide ? 'dialog wide' : 'dialog'} onClose={onClose}>
			<header className="dialog-head">
				<h2 id={id}>{title}</h2>
				<button type="button" className="plain" aria-label={T.close} onClick={onClose}>
					✕
				</button>
			</header>
			{children}
		</dialog>
	);
}

interface ConfirmProps {
	readonly question: string;
	readonly hint?: string;
	readonly action: string;
	readonly onConfirm: () => void;
	readonly onClose: () => void;
}

export const Confirm = ({question, hint, action, onConfirm, onClose}: ConfirmProps): ReactNode => (
	<Dialog title={question} onClose={onClose}>
		{hint !== undefined && <p>{hint}</p>}
		<div className="buttons">
			<button
				type="button"
				className="strong"
				onClick={() => {
					onConfirm();
					onClose();
				}}
			>
				{action}
			</button>
			<button type="button" onClick={onClose}>
				{T.back}
			</button>
		</div>
	</Dialog>
);
