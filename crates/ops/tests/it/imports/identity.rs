//! Which source a row is about: by credit code, then by older codes.
//! Never lets one enterprise into the register twice.

use domain::{Identity, OrganisationCode, RegistrationNumber};
use ops::imports::Group;
use testkit::{Kit, both, ordinary_source};

use super::{
    brigade, changes, confirm, findings, id, import, lines, preview, register, table, text, upload, workbook,
};

fn number() -> RegistrationNumber {
    RegistrationNumber::from_body("41089900000012").unwrap()
}

#[test]
fn r3_1_a_row_without_its_credit_code_is_the_enterprise_that_bears_its_older_one() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut known = ordinary_source(1);
        known.registration_number = Some(number());
        import(kit, &brigade, workbook(&[known.clone(), ordinary_source(2)])).await;
        let organisation = ordinary_source(2)
            .credit_code()
            .unwrap()
            .organisation()
            .unwrap()
            .to_string();
        let name = known.name.to_string();
        let other = ordinary_source(2).name.to_string();
        let file = table(
            &[
                "企业名称",
                "统一社会信用代码",
                "工商注册号",
                "组织机构代码",
                "机构地址",
            ],
            &[
                &[&name, "", number().as_str(), "", "示例县新路1号"],
                &[&other, "", "", &organisation, "示例县新路2号"],
            ],
        );
        let import = upload(kit, &brigade, file).await;
        let changed = lines(kit, &brigade, &import, Group::Changed).await;
        assert_eq!(
            changed.iter().map(|line| line.id.clone()).collect::<Vec<_>>(),
            [id(1), id(2)]
        );
        assert_eq!(
            changes(&changed[0]),
            [("机构地址", "示例县示例路1号", "示例县新路1号")]
        );
        assert!(changed[0].notes[0].contains("认出"), "{:?}", changed[0].notes);
        confirm(kit, &brigade, &import).await.unwrap();
        let after = register(kit, &brigade).await;
        assert_eq!(after.len(), 2);
        known.address = text("示例县新路1号");
        assert!(after.contains(&known));
    });
}

#[test]
fn r3_1_two_rows_that_are_one_enterprise_under_two_codes_are_not_both_taken() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let mut known = ordinary_source(1);
        known.registration_number = Some(number());
        import(kit, &brigade, workbook(std::slice::from_ref(&known))).await;
        let organisation = known.credit_code().unwrap().organisation().unwrap().to_string();
        let name = known.name.to_string();
        let file = table(
            &[
                "企业名称",
                "统一社会信用代码",
                "工商注册号",
                "组织机构代码",
                "机构地址",
            ],
            &[
                &[&name, &id(1), "", "", "示例县新路1号"],
                &[&name, "", number().as_str(), "", "示例县新路2号"],
                &[&name, "", "", &organisation, "示例县新路3号"],
            ],
        );
        let import = upload(kit, &brigade, file).await;
        let counts = preview(kit, &brigade, &import, None).await.counts;
        assert_eq!((counts.changed, counts.wrong, counts.rows()), (1, 2, 3));
        let found = findings(kit, &brigade, &import, Group::Wrong).await;
        assert!(
            found.iter().all(|finding| finding.reason.contains("是同一单位")),
            "{found:?}"
        );
    });
}

#[test]
fn r3_1_an_enterprise_that_the_register_has_under_an_older_code_does_not_enter_a_second_time() {
    both(async |kit: &Kit| {
        let brigade = brigade(kit).await;
        let own = ordinary_source(1);
        let organisation = own.credit_code().unwrap().organisation().unwrap();
        let mut known = own.clone();
        known.licences.clear();
        known.identity = Identity::Organisation(OrganisationCode::parse(organisation.as_str()).unwrap());
        import(kit, &brigade, workbook(std::slice::from_ref(&known))).await;
        let import = upload(kit, &brigade, workbook(&[own.clone(), ordinary_source(2)])).await;
        let counts = preview(kit, &brigade, &import, None).await.counts;
        assert_eq!((counts.fresh, counts.wrong), (1, 1));
        let found = findings(kit, &brigade, &import, Group::Wrong).await;
        assert!(found[0].reason.contains("重复进入抽取"), "{found:?}");
        // Once the old one has left, the new one may enter.
        let older = known.id().to_string();
        ops::sources::leave(&kit.office, &brigade, &older, 1, "换为信用代码")
            .await
            .unwrap();
        confirm(kit, &brigade, &import).await.unwrap();
        assert_eq!(register(kit, &brigade).await.len(), 3);
    });
}
