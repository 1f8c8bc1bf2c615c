import {type InputHTMLAttributes, type ReactNode, type Ref, useId} from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
	readonly ref?: Ref<HTMLInputElement>;
	readonly label: string;
	readonly hint?: string;
	/** What is wrong with it. */
	readonly fault?: string | null;
}

/** A labelled input; hint and fault are read with it. */
export function Field({label, hint, fault = null, ...input}: FieldProps): ReactNode {
	const id = useId();
	const described = [hint !== undefined && `${id}-hint`, fault !== null && `${id}-fault`].filter(Boolean).join(' ');
	return (
		<div className="field">
			<label htmlFor={id}>{label}</label>
			<input
				id={id}
				aria-invalid={fault !== null || undefined}
				aria-describedby={described === '' ? undefined : described}
				{...input}
			/>
			{hint !== undefined && (
				<p id={`${id}-hint`} className="hint">
					{hint}
				</p>
			)}
			{fault !== null && (
				<p id={`${id}-fault`} className="wrong" role="alert">
					{fault}
				</p>
			)}
		</div>
	);
}
