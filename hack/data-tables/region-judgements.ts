/** Where the published mapping is silent or wrong, and why this project says what it says. */
import type { CloudProvider } from '../../operator/domain/regions/regions.ts';

export interface RegionJudgement {
  readonly region: string;
  readonly provider: CloudProvider;
  readonly zone: string;
  /** Where the data centres stand, and what speaks against the published zone if there is one. */
  readonly because: string;
}

/** Regions for which the published mapping names another zone. */
export const CORRECTIONS: readonly RegionJudgement[] = [
  { region: 'eu-north-1', provider: 'AWS', zone: 'SE-SE3', because: 'Stockholm; SE is four bidding zones since 2011' },
  { region: 'swedencentral', provider: 'Azure', zone: 'SE-SE3', because: 'Gävle; SE is four bidding zones since 2011' },
  { region: 'northeurope', provider: 'Azure', zone: 'IE', because: 'Dublin; published twice, as IE and as FI' },
  { region: 'westus', provider: 'Azure', zone: 'US-CAL-CISO', because: 'California; published as Washington' },
  { region: 'northcentralus', provider: 'Azure', zone: 'US-MIDA-PJM', because: 'Chicago, which is in PJM, not MISO' },
  { region: 'me-central1', provider: 'GCP', zone: 'QA', because: 'Doha; published as the Emirates' },
  {
    region: 'ap-south-1',
    provider: 'AWS',
    zone: 'IN-MH',
    because: 'Mumbai, Maharashtra; IN-WE is a later zone around it',
  },
  {
    region: 'asia-south1',
    provider: 'GCP',
    zone: 'IN-MH',
    because: 'Mumbai, Maharashtra; IN-WE is a later zone around it',
  },
  {
    region: 'asia-south2',
    provider: 'GCP',
    zone: 'IN-UP',
    because: 'Delhi region, Uttar Pradesh; IN-NO is a later zone around it',
  },
];

/** Regions that the published mapping has without a zone, or not at all. */
export const ADDITIONS: readonly RegionJudgement[] = [
  { region: 'ap-east-2', provider: 'AWS', zone: 'TW', because: 'Taipei' },
  { region: 'ap-southeast-5', provider: 'AWS', zone: 'MY-WM', because: 'Kuala Lumpur' },
  { region: 'ap-southeast-6', provider: 'AWS', zone: 'NZ', because: 'Auckland' },
  { region: 'ap-southeast-7', provider: 'AWS', zone: 'TH', because: 'Bangkok' },
  { region: 'ca-west-1', provider: 'AWS', zone: 'CA-AB', because: 'Calgary' },
  { region: 'cn-north-1', provider: 'AWS', zone: 'CN', because: 'Beijing' },
  { region: 'cn-northwest-1', provider: 'AWS', zone: 'CN', because: 'Ningxia' },
  { region: 'mx-central-1', provider: 'AWS', zone: 'MX', because: 'Querétaro' },
  { region: 'europe-north2', provider: 'GCP', zone: 'SE-SE3', because: 'Stockholm' },
  { region: 'europe-west10', provider: 'GCP', zone: 'DE', because: 'Berlin' },
  { region: 'northamerica-south1', provider: 'GCP', zone: 'MX', because: 'Querétaro' },
  { region: 'us-central2', provider: 'GCP', zone: 'US-CENT-SWPP', because: 'Oklahoma' },
  { region: 'us-east2', provider: 'GCP', zone: 'US-SE-SOCO', because: 'Georgia' },
  { region: 'australiacentral', provider: 'Azure', zone: 'AU-NSW', because: 'Canberra' },
  { region: 'australiacentral2', provider: 'Azure', zone: 'AU-NSW', because: 'Canberra' },
  { region: 'belgiumcentral', provider: 'Azure', zone: 'BE', because: 'Brussels' },
  { region: 'brazilsoutheast', provider: 'Azure', zone: 'BR-CS', because: 'Rio de Janeiro' },
  { region: 'canadacentral', provider: 'Azure', zone: 'CA-ON', because: 'Toronto' },
  { region: 'canadaeast', provider: 'Azure', zone: 'CA-QC', because: 'Quebec City' },
  { region: 'centralindia', provider: 'Azure', zone: 'IN-MH', because: 'Pune, Maharashtra' },
  { region: 'chilecentral', provider: 'Azure', zone: 'CL-SEN', because: 'Santiago' },
  { region: 'chinaeast', provider: 'Azure', zone: 'CN', because: 'Shanghai' },
  { region: 'chinaeast2', provider: 'Azure', zone: 'CN', because: 'Shanghai' },
  { region: 'chinaeast3', provider: 'Azure', zone: 'CN', because: 'Jiangsu' },
  { region: 'chinanorth', provider: 'Azure', zone: 'CN', because: 'Beijing' },
  { region: 'chinanorth2', provider: 'Azure', zone: 'CN', because: 'Beijing' },
  { region: 'chinanorth3', provider: 'Azure', zone: 'CN', because: 'Hebei' },
  { region: 'eastasia', provider: 'Azure', zone: 'HK', because: 'Hong Kong' },
  { region: 'francecentral', provider: 'Azure', zone: 'FR', because: 'Paris' },
  { region: 'francesouth', provider: 'Azure', zone: 'FR', because: 'Marseille' },
  { region: 'germanynorth', provider: 'Azure', zone: 'DE', because: 'Berlin' },
  { region: 'germanywestcentral', provider: 'Azure', zone: 'DE', because: 'Frankfurt' },
  { region: 'indonesiacentral', provider: 'Azure', zone: 'ID', because: 'Jakarta' },
  { region: 'israelcentral', provider: 'Azure', zone: 'IL', because: 'Israel' },
  { region: 'japaneast', provider: 'Azure', zone: 'JP-TK', because: 'Tokyo' },
  { region: 'japanwest', provider: 'Azure', zone: 'JP-KN', because: 'Osaka' },
  { region: 'jioindiacentral', provider: 'Azure', zone: 'IN-MH', because: 'Nagpur, Maharashtra' },
  { region: 'jioindiawest', provider: 'Azure', zone: 'IN-WE', because: 'Jamnagar, Gujarat' },
  { region: 'koreacentral', provider: 'Azure', zone: 'KR', because: 'Seoul' },
  { region: 'koreasouth', provider: 'Azure', zone: 'KR', because: 'Busan' },
  { region: 'malaysiawest', provider: 'Azure', zone: 'MY-WM', because: 'Kuala Lumpur' },
  { region: 'norwayeast', provider: 'Azure', zone: 'NO-NO1', because: 'Oslo' },
  { region: 'norwaywest', provider: 'Azure', zone: 'NO-NO2', because: 'Stavanger' },
  { region: 'qatarcentral', provider: 'Azure', zone: 'QA', because: 'Doha' },
  { region: 'southafricanorth', provider: 'Azure', zone: 'ZA', because: 'Johannesburg' },
  { region: 'southafricawest', provider: 'Azure', zone: 'ZA', because: 'Cape Town' },
  { region: 'southindia', provider: 'Azure', zone: 'IN-SO', because: 'Chennai' },
  { region: 'switzerlandnorth', provider: 'Azure', zone: 'CH', because: 'Zurich' },
  { region: 'switzerlandwest', provider: 'Azure', zone: 'CH', because: 'Geneva' },
  { region: 'uaecentral', provider: 'Azure', zone: 'AE', because: 'Abu Dhabi' },
  { region: 'uaenorth', provider: 'Azure', zone: 'AE', because: 'Dubai' },
  { region: 'uksouth', provider: 'Azure', zone: 'GB', because: 'London' },
  { region: 'ukwest', provider: 'Azure', zone: 'GB', because: 'Cardiff' },
  { region: 'westcentralus', provider: 'Azure', zone: 'US-NW-WACM', because: 'Cheyenne, Wyoming' },
  { region: 'westindia', provider: 'Azure', zone: 'IN-MH', because: 'Mumbai, Maharashtra' },
  { region: 'westus2', provider: 'Azure', zone: 'US-NW-BPAT', because: 'Quincy, Washington' },
  { region: 'westus3', provider: 'Azure', zone: 'US-SW-AZPS', because: 'Phoenix, Arizona' },
];

/** Published rows that are no region: nothing runs there. */
export const NOT_A_REGION: readonly string[] = ['asiapacific'];
