//! Which plans an operation has, and that they are kept.

use super::*;

#[test]
fn an_operation_is_prepared_once_and_a_long_or_broken_one_is_not_kept() {
    let documents = documents();
    let plan = |query: &str, name: &str| {
        let request = json!({ "query": query, "operationName": name });
        let prepared = documents.prepare(sent(request), &NOBODY);
        prepared.map(|prepared| prepared.operation.plan.id)
    };
    let two = "query A { leaf } query B { leaf }";
    let first = plan(two, "A").unwrap();
    assert_eq!(plan(two, "A").unwrap(), first);
    assert_ne!(plan(two, "B").unwrap(), first);
    assert!(plan("{ leaf", "").is_err());
    let long = format!("{{ leaf }}{}", " ".repeat(8 * 1024));
    assert_ne!(plan(&long, "").unwrap(), plan(&long, "").unwrap());
}

#[test]
fn an_operation_has_a_plan_for_each_way_to_leave_out_parts() {
    let documents = documents();
    let query = "query($x: Boolean = true, $y: Boolean! = false) { \
                 leaf @include(if: $x) a @skip(if: $y) { leaf } leaf }";
    let keys = |variables: Value| {
        let prepared = documents.prepare(GraphqlRequest::new(query, variables), &NOBODY);
        let plan = prepared.map_err(|refusal| refusal.message)?.operation.plan;
        let keys: Vec<String> = plan
            .root
            .fields
            .iter()
            .map(|field| field.key.to_string())
            .collect();
        Ok::<_, String>((plan.id, keys.join(" ")))
    };
    let both = keys(json!({})).unwrap();
    assert_eq!(both.1, "leaf a");
    assert_eq!(keys(json!({ "x": true, "y": false })).unwrap(), both);
    assert_eq!(keys(json!({ "x": false })).unwrap().1, "a leaf");
    assert_eq!(keys(json!({ "y": true })).unwrap().1, "leaf");
    for variables in [json!({ "x": null }), json!({ "y": null })] {
        assert!(keys(variables).unwrap_err().ends_with("needs a value."));
    }
}

#[test]
fn what_two_types_have_in_common_is_in_the_plan_once() {
    let documents = documents();
    let query =
        "{ any { ... on Query { leaf any { a { leaf } } } a { leaf } ... on Other { leaf } } }";
    let prepared = documents.prepare(GraphqlRequest::new(query, Value::Null), &NOBODY);
    let plan = prepared.unwrap().operation.plan;
    let any = plan.root.fields[0].selection.as_ref().unwrap();
    let keys: Vec<&str> = any.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(
        keys,
        ["leaf", "any", "a", "leaf"],
        "`a` is asked of the interface"
    );
    let own: Vec<usize> = any.types.iter().map(|fields| fields.own.len()).collect();
    assert_eq!(own, [2, 1]);
}
