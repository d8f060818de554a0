/** What the parent asks of the keeper. Ids are the parent's. */
export type Request =
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Output is appended here. */
      readonly logFile: string;
    }
  | { readonly kind: 'kill'; readonly id: number; readonly signal: NodeJS.Signals }
  /** Removed once every child is gone. */
  | { readonly kind: 'removeAtEnd'; readonly path: string };

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What the keeper tells the parent. */
export type Report =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly id: number; readonly pid: number }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string }
  | { readonly kind: 'exited'; readonly id: number; readonly exit: Exit };
