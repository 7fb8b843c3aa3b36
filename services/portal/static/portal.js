// The pages work without this; it adds focus of the error summary and guards buttons against a second press.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();
