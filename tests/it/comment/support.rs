//! Supporting comments.

use harness::{Persona, on_both_databases};

use super::{assert_recounted, comment, support};
use crate::theme::theme;

on_both_databases! {
    async fn supporting_twice_is_the_same_as_once(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        for (persona, supporting, count) in [
            (Persona::Neighbour, true, 1),
            (Persona::Neighbour, true, 1),
            (Persona::Editor, true, 2),
            (Persona::Neighbour, false, 1),
            (Persona::Neighbour, false, 1),
            (Persona::Moderator, false, 1),
        ] {
            let answer = support(app, persona, &posted, supporting).await;
            let supported = &answer.accepted("commentSupport")["comment"];
            assert_eq!(supported["supportCount"], count, "{persona:?} {supporting}");
            assert_eq!(supported["viewerHasSupported"], supporting, "{persona:?} {supporting}");
        }
        assert_recounted(app).await;
    }

    async fn nobody_supports_what_they_wrote(app) {
        let theme = theme(app, "Water").await;
        let posted = comment(app, Persona::Resident, &theme, "Eens.").await;
        let answer = support(app, Persona::Resident, &posted, true).await;
        assert_eq!(answer.refusals("commentSupport"), ["OWN_COMMENT input.commentId"]);
        assert_recounted(app).await;
    }
}
