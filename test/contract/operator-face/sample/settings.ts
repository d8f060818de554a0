/** What the suite gives to the process that runs a sample. */
export interface Settings {
  readonly subject: 'original' | 'ours';
  readonly namespace: string;
  readonly crdFile: string;
}

export const settings = JSON.parse(process.env['OPERATOR_FACE_SETTINGS'] ?? '{}') as Settings;
