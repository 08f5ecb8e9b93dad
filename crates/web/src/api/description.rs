//! The interface describing itself: OpenAPI 3.1, made from the handlers' own types, with every status they can give.

use super::problem::Problem;
use super::{incidents, reports, statistics};
use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, OpenApi as Description, Ref, RefOr, Response, ResponseBuilder};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tocsin",
        description = "Incident reporting and case files of state governments, for programs. Filing a report needs no account; everything else needs a token with the fitting scope, which acts with its owner's rights. Every error is a problem document (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        reports::file,
        reports::accept,
        incidents::list,
        incidents::one,
        incidents::obligations,
        incidents::documents,
        statistics::show
    ),
    components(schemas(Problem, incidents::AskedState)),
    tags(
        (name = "reports", description = "What people and programs hand in."),
        (name = "incidents", description = "What officers work."),
        (name = "statistics", description = "Kept counts.")
    )
)]
struct Api;

/// The description, complete.
pub fn description() -> Description {
    let mut api = Api::openapi();
    if let Some(components) = &mut api.components {
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A token made by `tocsin user token`."));
        components.security_schemes.insert("bearer".to_owned(), SecurityScheme::Http(scheme.build()).into());
    }
    for item in api.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            add_problems(operation);
        }
    }
    api
}

/// `GET /api/openapi.json`
pub async fn show() -> Json<Description> {
    Json(description())
}

/// Every status that an operation can give besides its success.
fn add_problems(operation: &mut Operation) {
    let by = |place: ParameterIn| {
        operation.parameters.iter().flatten().any(|p| matches!(p, RefOr::T(p) if p.parameter_in == place))
    };
    let secured = operation.security.is_some();
    let named = by(ParameterIn::Path) || by(ParameterIn::Query);
    let body = operation.request_body.is_some();
    let changes = operation.responses.responses.contains_key("201");
    let all = [
        (true, "400", "The request could not be read."),
        (secured, "401", "No live token came with the request."),
        (secured || body, "403", "The token is for other things, or another site sent the request."),
        (named || body || secured, "404", "It is not there, or may not be seen."),
        (
            changes,
            "409",
            "The policy or an earlier decision stands against it, or the Idempotency-Key was used for another request.",
        ),
        (body, "413", "The body is too large."),
        (body, "415", "The body is not JSON."),
        (true, "422", "The request says something that is not possible."),
        (body, "429", "Too many reports from one network."),
        (true, "500", "Something broke here."),
    ];
    for (_, status, says) in all.into_iter().filter(|(applies, ..)| *applies) {
        operation.responses.responses.insert(status.to_owned(), RefOr::T(problem(status, says)));
    }
}

fn problem(status: &str, says: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let answer = ResponseBuilder::new().description(says).content("application/problem+json", content);
    match status {
        "429" => {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
            answer.header(
                "Retry-After",
                HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait.")).build(),
            )
        }
        "401" => {
            let scheme = ObjectBuilder::new().schema_type(Type::String).build();
            answer.header("WWW-Authenticate", HeaderBuilder::new().schema(Some(scheme)).build())
        }
        _ => answer,
    }
    .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_tells_limits_and_every_kind_of_answer() {
        let api = serde_json::to_value(description()).expect("JSON");
        assert!(api["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", api["openapi"]);
        let report = &api["components"]["schemas"]["NewReport"];
        assert_eq!(report["additionalProperties"], false);
        assert_eq!(report["properties"]["words"]["maxLength"], 40_000);
        assert_eq!(report["required"], serde_json::json!(["unit", "words"]));
        let filing = &api["paths"]["/api/v1/reports"]["post"];
        let statuses: Vec<&String> = filing["responses"].as_object().expect("answers").keys().collect();
        assert_eq!(statuses, ["201", "400", "403", "404", "409", "413", "415", "422", "429", "500"]);
        assert!(filing["responses"]["429"]["headers"]["Retry-After"].is_object());
        assert!(filing["security"].is_null(), "a report needs no account");
        let reading = &api["paths"]["/api/v1/incidents/{reference}"]["get"];
        assert!(reading["responses"]["401"]["content"]["application/problem+json"].is_object());
        assert!(api["components"]["securitySchemes"]["bearer"].is_object());
    }
}
