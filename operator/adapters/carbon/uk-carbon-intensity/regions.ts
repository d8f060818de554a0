/**
 * Regions of the API by the names that zones have for them: fourteen of the distribution networks, three of the nations
 * (https://carbon-intensity.github.io/api-definitions/, "Region List").
 */
export const REGIONS: Readonly<Record<string, number>> = {
  'GB-1': 1, // North Scotland
  'GB-2': 2, // South Scotland
  'GB-3': 3, // North West England
  'GB-4': 4, // North East England
  'GB-5': 5, // Yorkshire
  'GB-6': 6, // North Wales and Merseyside
  'GB-7': 7, // South Wales
  'GB-8': 8, // West Midlands
  'GB-9': 9, // East Midlands
  'GB-10': 10, // East England
  'GB-11': 11, // South West England
  'GB-12': 12, // South England
  'GB-13': 13, // London
  'GB-14': 14, // South East England
  'GB-15': 15, // England
  'GB-16': 16, // Scotland
  'GB-17': 17, // Wales
};
