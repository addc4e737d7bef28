import type { Me } from "../api/session";

/** The roles that open the administration's pages. The pod itself decides about each call. */
const administrators = [
  "SUPER_ADMINISTRATOR",
  "L1_SUPPORT",
  "L2_SUPPORT",
  "USER_PROVISIONING",
  "SUPER_COMPLIANCE_OFFICER",
  "COMPLIANCE_OFFICER",
  "CONTENT_MANAGEMENT",
  "AUDIT_TRAIL_MANAGEMENT",
  "SCOPE_MANAGEMENT",
  "AGENT",
];

export const administers = (me: Me) => me.roles?.some((role) => administrators.includes(role)) ?? false;
