/** Countries that the API documents for its `country` parameter, by the codes of their zones. */
const COUNTRIES = [
  ...['AL', 'AM', 'AT', 'AZ', 'BA', 'BE', 'BG', 'BY', 'CH', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GB', 'GE'],
  ...['GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU', 'LV', 'MD', 'ME', 'MK', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'RS', 'RU'],
  ...['SE', 'SI', 'SK', 'TR', 'UA', 'XK'],
];

/** What the API calls them; `undefined` for a zone that is no country of it, a part of one included. */
export function countryOf(zone: string): string | undefined {
  if (!COUNTRIES.includes(zone)) return undefined;
  return zone === 'GB' ? 'uk' : zone.toLowerCase();
}
